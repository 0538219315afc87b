/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Faults;
import io.genvideo.sandbox.Ledger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The promise as an identity of the service's books: charged = delivered + failed + uncertain, each once. */
@Timeout(120)
class FaultsTest {
    private static final int PICTURES = 40;

    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @AfterEach
    void stop() {
        ima.close();
    }

    @Test
    void nothingIsPaidTwiceOrLostUnderNetworkFaults() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        Faults faults = ImaContext.sandbox().faults();
        faults.add(FaultRule.on("ima", "create", Fault.loseAnswer()).withProbability(0.2));
        faults.add(FaultRule.on("ima", "detail", Fault.status(502)).withProbability(0.15));
        faults.add(FaultRule.on("ima", "detail", Fault.garbage()).withProbability(0.15));
        faults.add(FaultRule.on("ima", "*", Fault.down())
                .startingAfter(Duration.ofSeconds(2))
                .lasting(Duration.ofSeconds(3)));
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(Exception.class).maximumRedeliveries(2).redeliveryDelay(100);
                        from("direct:in")
                                .to("genvideo:ima/image_to_video?timeout=60s&pollInterval=100ms&maxInFlight=8");
                    }
                })
                .start();

        List<CompletableFuture<Exchange>> sent = new ArrayList<>();
        for (int n = 0; n < PICTURES; n++) {
            String fate = n % 10 == 9 ? "[[fail: too dark]]" : "[[take: 400ms]]";
            Map<String, Object> headers = n % 2 == 0
                    ? Map.of(GenvideoConstants.PROMPT, fate)
                    : Map.of(GenvideoConstants.PROMPT, fate, GenvideoConstants.IDEMPOTENCY_KEY, "request " + n);
            sent.add(ima.sendLater("direct:in", ImaContext.picture(n), headers));
        }

        Set<String> accounted = new HashSet<>();
        int uncertain = 0;
        for (CompletableFuture<Exchange> one : sent) {
            Exchange done = one.get(90, TimeUnit.SECONDS);
            if (done.getException() == null) {
                GenerationTask task = done.getMessage().getBody(GenerationTask.class);
                assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
                assertThat(accounted.add(task.handle())).as("delivered once").isTrue();
            } else {
                GenvideoException failure = (GenvideoException) done.getException();
                assertThat(failure.getRecordId()).as("%s", failure).isNotNull();
                assertThat(journal.find(failure.getRecordId())).isPresent();
                if (failure instanceof UncertainSubmissionException) {
                    assertThat(failure.getPaid()).isEqualTo(Paid.UNKNOWN);
                    uncertain++;
                } else if (failure.getHandle() != null) {
                    assertThat(accounted.add(failure.getHandle()))
                            .as("failed once")
                            .isTrue();
                }
            }
        }

        Set<String> charged = new HashSet<>();
        ima.charges().forEach(c -> charged.add(c.taskId()));
        assertThat(ima.charges()).as("no task is charged twice").hasSameSizeAs(charged);
        assertThat(charged).as("what is accounted for was charged").containsAll(accounted);
        charged.removeAll(accounted);
        assertThat(charged.size())
                .as("charged, but neither delivered nor failed")
                .isLessThanOrEqualTo(uncertain);
        long lost = ImaContext.sandbox().ledger().injected().stream()
                .filter(i -> i.kind().equals("LOSE_ANSWER"))
                .map(Ledger.Injected::subject)
                .filter(charged::contains)
                .count();
        assertThat(lost).as("each of those lost its answer").isEqualTo(charged.size());
        assertThat(ima.charges().size())
                .as("one charge for each picture at most")
                .isLessThanOrEqualTo(PICTURES);
        assertThat(accounted).as("the faults leave most of them alone").hasSizeGreaterThan(PICTURES / 3);
    }
}
