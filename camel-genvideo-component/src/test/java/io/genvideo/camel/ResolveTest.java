/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.TaskNotFoundException;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.UncertainSubmissionException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.TaskRecord;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A create call whose answer was lost is settled by a person, through a route; nothing is paid a second time by itself. */
class ResolveTest {
    private static final Map<String, Object> KEY = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1");

    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @BeforeEach
    void start() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("genvideo:ima/text_to_video");
                        from("direct:resolve").to("genvideo:ima/resolve");
                        from("genvideo:ima/tasks?initialDelay=0&delay=50").to("mock:late");
                    }
                })
                .start();
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "create", Fault.loseAnswer()).times(1));
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private String uncertain() {
        Exchange failed = ima.send("direct:in", "a lake", KEY);
        assertThat(failed.getException()).isInstanceOf(UncertainSubmissionException.class);
        return ((GenvideoException) failed.getException()).getRecordId();
    }

    private Exchange resolve(String recordId, String resolution, String taskId) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(GenvideoConstants.RECORD_ID, recordId);
        headers.put(GenvideoConstants.RESOLUTION, resolution);
        headers.put(GenvideoConstants.TASK_ID, taskId);
        headers.values().removeIf(Objects::isNull);
        return ima.send("direct:resolve", null, headers);
    }

    @Test
    void anAdoptedTaskIsDeliveredLikeAnyOther() throws Exception {
        String recordId = uncertain();
        String taskId = ima.charges().get(0).taskId();
        MockEndpoint late = ima.camel().getEndpoint("mock:late", MockEndpoint.class);
        late.expectedMessageCount(1);

        Exchange resolved = resolve(recordId, "adopt", taskId);

        assertThat(resolved.getException()).isNull();
        GenerationTask task = resolved.getMessage().getBody(GenerationTask.class);
        assertThat(task.recordId()).isEqualTo(recordId);
        assertThat(task.handle()).isEqualTo(taskId);
        assertThat(resolved.getMessage().getHeader(GenvideoConstants.STATUS)).isEqualTo("QUEUED");
        assertThat(resolved.getMessage().getHeader(GenvideoConstants.RESOLUTION))
                .as("a generation that follows must not take it for the size of its video")
                .isNull();
        late.assertIsSatisfied();
        assertThat(late.getExchanges().get(0).getMessage().getHeader(GenvideoConstants.TASK_ID))
                .isEqualTo(taskId);
        ima.assertCharged(1);
    }

    @Test
    void aReleasedKeyPaysForTheNextMessage() {
        String recordId = uncertain();

        Exchange resolved = resolve(recordId, " Release ", "of_another_task");

        assertThat(resolved.getException()).isNull();
        assertThat(resolved.getMessage().getHeader(GenvideoConstants.STATUS)).isEqualTo("FAILED");
        // a person has decided: the sandbox must not take the second create for a blind repetition
        ImaContext.sandbox().faults().clear();
        Exchange again = ima.send("direct:in", "a lake", KEY);
        assertThat(again.getException()).isNull();
        assertThat(again.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.SUCCEEDED);
        ima.assertCharged(2);
    }

    @Test
    void anAbandonedTaskIsNeverPaidAgain() {
        String recordId = uncertain();

        Exchange resolved = resolve(recordId, "abandon", null);

        assertThat(resolved.getException()).isNull();
        assertThat(journal.find(recordId).map(TaskRecord::status)).contains(TaskStatus.CANCELLED);
        assertThat(ima.send("direct:in", "a lake", KEY).getException()).isInstanceOf(GenvideoException.class);
        ima.assertCharged(1);
    }

    @Test
    void namesWhatIsMissingOrWrong() {
        String recordId = uncertain();

        refused(resolve(null, "release", null), "'resolve' needs the header CamelGenvideoRecordId");
        refused(
                resolve(recordId, null, null),
                "'resolve' needs the header CamelGenvideoResolution: one of adopt, release, abandon");
        refused(
                resolve(recordId, "retry", null),
                "header CamelGenvideoResolution is 'retry', it must be one of adopt, release, abandon");
        refused(resolve(recordId, "adopt", " "), "'adopt' needs the header CamelGenvideoTaskId");
        refused(resolve("none", "release", null), "there is no record 'none' of ima");
        assertThat(resolve(recordId, "adopt", "task_that_never_was").getException())
                .isInstanceOf(TaskNotFoundException.class);
        assertThat(journal.find(recordId).map(TaskRecord::status)).contains(TaskStatus.UNCERTAIN);
    }

    private static void refused(Exchange exchange, String message) {
        assertThat(exchange.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining(message);
    }

    @Test
    void onlyUncertainTasksAreResolved() {
        ImaContext.sandbox().faults().clear();
        Exchange done = ima.generate("direct:in", "a hill");
        String recordId = done.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);

        refused(resolve(recordId, "release", null), "only one that is UNCERTAIN or parked can be resolved");
    }

    @Test
    void aRouteCanSettleWhatTheConsumerReports() throws Exception {
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("genvideo:ima/tasks?statuses=UNCERTAIN&initialDelay=0&delay=50")
                        .setHeader(GenvideoConstants.RESOLUTION, constant("abandon"))
                        .to("genvideo:ima/resolve");
            }
        });
        String recordId = uncertain();

        await().untilAsserted(() ->
                assertThat(journal.find(recordId).map(TaskRecord::status)).contains(TaskStatus.CANCELLED));
    }
}
