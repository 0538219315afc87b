/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;

/** Many tasks in flight, a service that answers nothing for a while, and what came of it. */
final class OutageRun implements AutoCloseable {
    /** So long may it take until it is clear that the service is away: five looks in a row have to fail. */
    private static final Duration DETECTION = Duration.ofSeconds(5);

    private static final int PROBES = 2;
    private static final Duration TO_ACCEPT = Duration.ofMinutes(3);
    private static final Duration TO_DELIVER = Duration.ofMinutes(5);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final String KEY = "ima_outage";

    private final int tasks;
    private final Duration outage;
    private final PrintStream out;
    private final Sandbox sandbox;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ConcurrentLinkedQueue<Instant> delivered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exchange> failed = new ConcurrentLinkedQueue<>();

    /** @param journal where the journal's database is made */
    OutageRun(int tasks, Duration outage, Path journal, PrintStream out) {
        this.tasks = tasks;
        this.outage = outage;
        this.out = out;
        // Done when the service is back: not one may have ended while it was away
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .taskDuration(outage.dividedBy(2).plusSeconds(20))
                .build());
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey(KEY);
        account.setBaseUrl(sandbox.imaUri().toString());
        account.setUploadUrl(sandbox.imaUploadUri().toString());
        GenvideoComponent component = new GenvideoComponent(camel);
        component.getAccounts().put("ima", account);
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + journal.resolve("genvideo"));
        component.setTaskRepository(new JdbcTaskRepository(database));
        component.getConfiguration().setMaxInFlight(tasks);
        component.getConfiguration().setPollInterval(Duration.ofSeconds(2));
        camel.addComponent("genvideo", component);
        camel.start();
    }

    /** Runs it all and says whether it is as it must be. */
    boolean run() {
        Instant start = Instant.now();
        order();
        if (!Patience.until(() -> sandbox.ledger().creates() == tasks, STEP, TO_ACCEPT)) {
            out.println("WRONG: only " + sandbox.ledger().creates() + " of " + tasks + " tasks were accepted; "
                    + failures());
            return false;
        }
        out.printf(Locale.ROOT, "outage harness: %d tasks in flight after %.1f s%n", tasks, seconds(start));
        List<Long> requests = new ArrayList<>();
        long most;
        try (RequestMeter meter = new RequestMeter(sandbox.ledger())) {
            goAway();
            Patience.pass(outage);
            requests.addAll(meter.perSecond());
            most = meter.mostAfter(DETECTION);
        }
        Instant back = Instant.now();
        boolean ended = Patience.until(() -> delivered.size() + failed.size() == tasks, STEP, TO_DELIVER);
        return conclude(requests, most, back, ended);
    }

    private void order() {
        ProducerTemplate template = camel.createProducerTemplate();
        IntStream.range(0, tasks).forEach(i -> {
            CompletableFuture<Exchange> end = template.asyncSend(
                    "genvideo:ima/text_to_video?model=wan2.6-t2v",
                    e -> e.getMessage().setBody("birds over lake " + i));
            end.thenAccept(e -> {
                if (e.getException() == null) {
                    delivered.add(Instant.now());
                } else {
                    failed.add(e);
                }
            });
        });
    }

    /** Half of the time every connection is reset, the other half a gateway answers that there is nobody. */
    private void goAway() {
        Duration half = outage.dividedBy(2);
        sandbox.faults().add(FaultRule.on("*", "*", Fault.down()).lasting(half));
        sandbox.faults()
                .add(FaultRule.on("*", "*", Fault.status(503))
                        .startingAfter(half)
                        .lasting(outage.minus(half)));
    }

    private boolean conclude(List<Long> requests, long most, Instant back, boolean ended) {
        List<Ledger.Charge> charges = sandbox.ledger().charges();
        long orders = charges.stream().map(Ledger.Charge::promptHash).distinct().count();
        out.printf("the service was away for %d s (resets, then 503)%n", outage.toSeconds());
        out.printf("requests that reached it in each of these seconds: %s%n", requests);
        out.printf("most in one second, once it was known to be away (%d s): %d%n", DETECTION.toSeconds(), most);
        delivered.stream()
                .min(Instant::compareTo)
                .ifPresent(first -> out.printf(
                        Locale.ROOT,
                        "delivered between %.1f and %.1f s after its return%n",
                        seconds(back, first),
                        seconds(back, delivered.stream().max(Instant::compareTo).orElse(first))));
        out.printf(
                "delivered %d, failed %d, abandoned %d; charged %d for %d orders%n",
                delivered.size(), failed.size(), tasks - delivered.size() - failed.size(), charges.size(), orders);
        if (!failed.isEmpty()) {
            out.println("WRONG: " + failures());
        }
        boolean holds = ended
                && delivered.size() == tasks
                && charges.size() == tasks
                && orders == tasks
                && most <= PROBES
                && sandbox.ledger().violationCount() == 0;
        out.println(holds ? "nothing was abandoned" : "THIS IS NOT AS IT MUST BE");
        return holds;
    }

    private String failures() {
        return failed.stream()
                .limit(5)
                .map(e -> String.valueOf(e.getException()))
                .toList()
                .toString();
    }

    private static double seconds(Instant since) {
        return seconds(since, Instant.now());
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    @Override
    public void close() {
        camel.stop();
        sandbox.close();
    }
}
