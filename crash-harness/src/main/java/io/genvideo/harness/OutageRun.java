/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

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

/** Makes the service unavailable while many tasks run, and checks that each of them is delivered and paid once. */
final class OutageRun implements AutoCloseable {
    /** Time until the circuit breaker opens: five polls in a row have to fail. */
    private static final Duration DETECTION = Duration.ofSeconds(5);

    /** Probes a second that the open circuit breaker may send. */
    private static final int PROBES = 2;

    private static final Duration ACCEPT_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration DELIVER_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STEP = Duration.ofMillis(100);

    private final TestedProvider provider;
    private final int tasks;
    private final Duration outage;
    private final PrintStream out;
    private final Sandbox sandbox;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ConcurrentLinkedQueue<Instant> delivered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exchange> failed = new ConcurrentLinkedQueue<>();

    /** @param journal folder of the journal's database */
    OutageRun(TestedProvider provider, int tasks, Duration outage, Path journal, PrintStream out) {
        this.provider = provider;
        this.tasks = tasks;
        this.outage = outage;
        this.out = out;
        // Long enough that no task ends before the service is available again
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .taskDuration(outage.dividedBy(2).plusSeconds(20))
                .build());
        GenvideoComponent component = new GenvideoComponent(camel);
        provider.configure(component, sandbox);
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + journal.resolve("genvideo") + ";DB_CLOSE_ON_EXIT=FALSE");
        component.setTaskRepository(new JdbcTaskRepository(database));
        component.getConfiguration().setMaxInFlight(tasks);
        component.getConfiguration().setPollInterval(Duration.ofSeconds(2));
        camel.addComponent("genvideo", component);
        camel.start();
    }

    /** Returns whether every task was delivered and paid once, and the unavailable service got few requests. */
    boolean run() {
        Instant start = Instant.now();
        submit();
        if (!Waits.until(() -> sandbox.ledger().creates() == tasks, STEP, ACCEPT_TIMEOUT)) {
            out.println("WRONG: only " + sandbox.ledger().creates() + " of " + tasks + " tasks were accepted; "
                    + failures());
            return false;
        }
        out.printf(Locale.ROOT, "outage harness: %d tasks in flight after %.1f s%n", tasks, seconds(start));
        List<Long> requests = new ArrayList<>();
        long maximum;
        try (RequestMeter meter = new RequestMeter(sandbox.ledger())) {
            makeUnavailable();
            Waits.pause(outage);
            requests.addAll(meter.perSecond());
            maximum = meter.maximumAfter(DETECTION);
        }
        Instant back = Instant.now();
        boolean ended = Waits.until(() -> delivered.size() + failed.size() == tasks, STEP, DELIVER_TIMEOUT);
        return conclude(requests, maximum, back, ended);
    }

    private void submit() {
        ProducerTemplate template = camel.createProducerTemplate();
        IntStream.range(0, tasks).forEach(i -> {
            CompletableFuture<Exchange> end = template.asyncSend(
                    provider.textToVideo(), e -> e.getMessage().setBody("birds over lake " + i));
            end.thenAccept(e -> {
                if (e.getException() == null) {
                    delivered.add(Instant.now());
                } else {
                    failed.add(e);
                }
            });
        });
    }

    /** Resets every connection for half of the time, then answers every request with 503. */
    private void makeUnavailable() {
        Duration half = outage.dividedBy(2);
        sandbox.faults().add(FaultRule.on("*", "*", Fault.down()).lasting(half));
        sandbox.faults()
                .add(FaultRule.on("*", "*", Fault.status(503))
                        .startingAfter(half)
                        .lasting(outage.minus(half)));
    }

    private boolean conclude(List<Long> requests, long maximum, Instant back, boolean ended) {
        List<Ledger.Charge> charges = sandbox.ledger().charges();
        long requested =
                charges.stream().map(Ledger.Charge::promptHash).distinct().count();
        out.printf("the service was unavailable for %d s (resets, then 503)%n", outage.toSeconds());
        out.printf("requests in each of these seconds: %s%n", requests);
        out.printf("maximum in one second after the first %d s: %d%n", DETECTION.toSeconds(), maximum);
        delivered.stream()
                .min(Instant::compareTo)
                .ifPresent(first -> out.printf(
                        Locale.ROOT,
                        "delivered %.1f to %.1f s after its return%n",
                        seconds(back, first),
                        seconds(back, delivered.stream().max(Instant::compareTo).orElse(first))));
        out.printf(
                "delivered %d, failed %d, abandoned %d; charged %d for %d requests%n",
                delivered.size(), failed.size(), tasks - delivered.size() - failed.size(), charges.size(), requested);
        if (!failed.isEmpty()) {
            out.println("WRONG: " + failures());
        }
        boolean holds = ended
                && delivered.size() == tasks
                && charges.size() == tasks
                && requested == tasks
                && maximum <= PROBES
                && sandbox.ledger().violationCount() == 0;
        out.println(holds ? "PASSED" : "FAILED");
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
