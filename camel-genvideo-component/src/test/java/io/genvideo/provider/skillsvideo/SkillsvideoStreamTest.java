/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.apache.RawServer;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.provider.support.Pushed;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/contracts/skillsvideo.md section 4: a create call that is answered by a stream, whole, failed and cut off at every
 * moment.
 */
class SkillsvideoStreamTest extends SkillsvideoTestSupport {
    private static final String QUEUED = "{'id':'gen_123','status':'IN_QUEUE','data':null,'usage':{'total':0}}";
    private static final String RUNNING = "{'id':'gen_123','status':'IN_PROGRESS','data':null}";
    private static final String DONE =
            "{'id':'gen_123','status':'COMPLETED','input':{'prompt':'p'},'data':{'type':'video','videos':[{'url':"
                    + "'https://cdn.example.com/v.mp4'}]},'usage':{'total':20,'subscription':20,'permanent':0}}";
    private static final List<String> WHOLE = List.of(QUEUED, RUNNING, DONE);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private final List<RawServer> servers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RawServer server : servers) {
            server.close();
        }
    }

    private Pushed pushed = new Pushed();

    private SubmitOutcome stream(String... events) {
        stubCreate(events(events));
        return await(ready(provider(), veo().build()).submit(pushed));
    }

    @Test
    void theFirstEventAcceptsAndTheOthersArePushed() {
        SubmitOutcome.Accepted accepted = (SubmitOutcome.Accepted) stream(QUEUED, RUNNING, RUNNING, DONE);

        assertThat(accepted.taskId()).isEqualTo("gen_123");
        assertThat(accepted.raw()).containsEntry("status", "IN_QUEUE");
        assertThat(pushed.shown()).containsExactly("RUNNING", "RUNNING", "Succeeded", "ended");
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) pushed.last();
        assertThat(done.media().get(0).url()).hasToString("https://cdn.example.com/v.mp4");
        assertThat(done.credits()).isEqualByComparingTo(new BigDecimal("20"));
        assertThat(done.raw()).containsKeys("usage", "data").doesNotContainKey("input");
    }

    @Test
    void acceptsTaskBeforeItsImmediateResult() {
        assertThat(stream(DONE)).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(pushed.shown()).containsExactly("Succeeded", "ended");
    }

    @Test
    void nothingIsPushedBeforeTheCreateIsAccepted() {
        CountDownLatch accepted = new CountDownLatch(1);
        RawServer server = server((conversation, request) -> {
            conversation.write(HEAD + "\r\n" + "data: " + QUEUED.replace('\'', '"') + "\n\n");
            accepted.await(10, TimeUnit.SECONDS);
            conversation.write("data: " + DONE.replace('\'', '"') + "\n\n");
        });

        assertThat(submit(server)).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(pushed.outcomes).isEmpty();
        accepted.countDown();

        assertThat(pushed.shown()).containsExactly("Succeeded", "ended");
    }

    static Stream<Arguments> moments() {
        return Stream.of("end", "cut", "reset")
                .flatMap(how -> Stream.of(0, 1, 2, 3).map(events -> Arguments.of(how, events)));
    }

    /** The request of the issue: before the first frame, between any two, instead of the last, by reset or clean end. */
    @ParameterizedTest(name = "{0} after {1} events")
    @MethodSource("moments")
    void droppedStreamLosesNoTaskAndSendsNothingAgain(String how, int events) {
        RawServer server = server((conversation, request) -> {
            conversation.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            for (String event : WHOLE.subList(0, events)) {
                conversation.write(chunk("data: " + event.replace('\'', '"') + "\n\n"));
            }
            drop(conversation, how);
        });

        SubmitOutcome outcome = submit(server);

        List<String> pushes = List.of("RUNNING", "Succeeded");
        List<String> expected = new ArrayList<>(pushes.subList(0, Math.max(0, events - 1)));
        expected.add("ended");
        assertThat(pushed.shown()).isEqualTo(expected);
        if (events == 0) {
            GenerationError error = ((SubmitOutcome.Unknown) outcome).error();
            assertThat(error.category()).isEqualTo(ErrorCategory.UNCERTAIN_SUBMISSION);
            assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
            assertThat(error.message()).contains("before it told the task's id");
        } else {
            assertThat(((SubmitOutcome.Accepted) outcome).taskId()).isEqualTo("gen_123");
        }
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"end,true", "cut,false", "reset,false"})
    void ignoresTruncatedEvent(String how, boolean accepted) {
        RawServer server = server((conversation, request) -> {
            conversation.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            // whole, but for the line's end; and of the other a half
            conversation.write(chunk("data: " + (accepted ? QUEUED : QUEUED.substring(0, 30)).replace('\'', '"')));
            drop(conversation, how);
        });

        assertThat(submit(server) instanceof SubmitOutcome.Accepted).isEqualTo(accepted);
        assertThat(pushed.shown()).containsExactly("ended");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void resetBeforeResponseHeadIsUncertain() {
        RawServer server = server((conversation, request) -> conversation.reset());

        assertThat(submit(server)).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(pushed.shown()).containsExactly("ended");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void streamWithoutEventsIsUncertainAfterTimeout() {
        RawServer server = server((conversation, request) -> {
            conversation.write(HEAD + "\r\n: hello\n\n");
            conversation.stall();
        });

        ReadyGeneration impatient =
                ready(provider(KEY, server.uri("/api/v1").toString(), null), veo().build(), IMPATIENT);

        assertThat(await(impatient.submit(pushed))).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(pushed.shown()).containsExactly("ended");
    }

    @Test
    void streamWithoutTerminalEventIsFollowedByPolling() {
        assertThat(stream(QUEUED, RUNNING)).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(pushed.shown()).containsExactly("RUNNING", "ended");
    }

    @Test
    void closesStreamAfterTerminalEvent() {
        RawServer server = server((conversation, request) -> {
            conversation.write(HEAD + "\r\n");
            for (String event : WHOLE) {
                conversation.write("data: " + event.replace('\'', '"') + "\n\n");
            }
            conversation.stall();
        });

        submit(server);

        assertThat(pushed.shown()).containsExactly("RUNNING", "Succeeded", "ended");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VIDEO_GENERATION_FAILED|GENERATION_FAILED|false",
                "VIDEO_GENERATION_INVALID_INPUT|INVALID_REQUEST|false",
                "IMAGE_GENERATION_UNSUPPORTED_MODEL|INVALID_REQUEST|false",
                "VIDEO_GENERATION_INSUFFICIENT_CREDITS|INSUFFICIENT_CREDITS|false",
                "TTS_GENERATION_CONTENT_REJECTED|CONTENT_REJECTED|false",
                "VIDEO_GENERATION_RATE_LIMITED|RATE_LIMITED|true",
                "VIDEO_GENERATION_PROVIDER_UNAVAILABLE|SERVICE_UNAVAILABLE|true",
                "VIDEO_GENERATION_TIMEOUT|GENERATION_FAILED|true",
                "SOMETHING_NEW|GENERATION_FAILED|false"
            })
    void readsFailureEventOfStream(String code, ErrorCategory category, boolean retryable) {
        stream(
                QUEUED,
                "{'id':'gen_123','status':'FAILED','data':null,'usage':{'total':0},'code':'" + code
                        + "','message':'Cannot: " + PROMPT + "'}");

        assertThat(pushed.shown()).containsExactly("Failed", "ended");
        GenerationError error = ((PollOutcome.Failed) pushed.last()).error();
        assertThat(error.category()).isEqualTo(category);
        assertThat(error.providerCode()).isEqualTo(code);
        assertThat(error.retryable()).isEqualTo(retryable);
        assertThat(error.handle()).isEqualTo("gen_123");
        assertThat(error.paid()).isEqualTo(Paid.NO);
        assertThat(error.message()).contains("Cannot").doesNotContain(PROMPT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'code':'VIDEO_GENERATION_INSUFFICIENT_CREDITS','message':'m'}|Refused",
                "{'error':'VIDEO_GENERATION_CONTENT_REJECTED','message':'m'}|Refused",
                "{'code':'VIDEO_GENERATION_RATE_LIMITED','message':'m'}|Deferred",
                "{'code':'VIDEO_GENERATION_FAILED','message':'m'}|Unknown",
                "{'code':'WHAT','message':'m'}|Unknown",
                "{'status':'FAILED','code':'VIDEO_GENERATION_FAILED'}|Unknown",
                "{'ping':1}|Unknown",
                "[DONE]|Unknown",
                "garbage|Unknown"
            })
    void streamWithoutTaskId(String event, String verdict) {
        assertThat(stream(event).getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(pushed.shown()).containsExactly("ended");
    }

    /** The first event shows that the stream is about a request that is being handled; a second create could be a second charge. */
    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'status':'IN_QUEUE'}|PROVIDER_UNAVAILABLE",
                "{'status':'IN_QUEUE'}|RATE_LIMITED",
                "{'status':'IN_QUEUE'}|INSUFFICIENT_CREDITS",
                "{'ping':1}|PROVIDER_UNAVAILABLE",
                "garbage|PROVIDER_UNAVAILABLE",
                "{'code':'WHAT','message':'m'}|RATE_LIMITED"
            })
    void refusalAfterAnotherEventIsUncertain(String first, String reason) {
        SubmitOutcome outcome = stream(first, "{'code':'VIDEO_GENERATION_" + reason + "','message':'m'}");

        assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(((SubmitOutcome.Unknown) outcome).error().paid()).isEqualTo(Paid.UNKNOWN);
        assertThat(pushed.shown()).containsExactly("ended");
    }

    @Test
    void acceptsTaskIdWithinFirstEvents() {
        assertThat(stream("{'ping':1}", "hello", "{'status':'IN_QUEUE'}", QUEUED, DONE))
                .isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(pushed.shown()).containsExactly("Succeeded", "ended");

        pushed = new Pushed();
        assertThat(stream("1", "2", "3", "4", "5", QUEUED)).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(pushed.shown()).containsExactly("ended");
    }

    @Test
    void ignoresEventsOfOtherTasks() {
        stream(
                QUEUED,
                "{'id':'gen_999','status':'FAILED'}",
                "{'code':'VIDEO_GENERATION_FAILED','message':'whose?'}",
                "garbage",
                "{'status':'processing'}",
                "{'state':'canceled','id':'gen_123'}");

        assertThat(pushed.shown()).containsExactly("RUNNING", "Cancelled", "ended");
    }

    @Test
    void finishedTaskWithoutUrlStaysRunning() {
        stream(QUEUED, "{'id':'gen_123','status':'COMPLETED','data':null}");

        assertThat(pushed.shown()).containsExactly("RUNNING", "ended");
    }

    // ---- a service below HTTP ----

    private RawServer server(RawServer.Script script) {
        RawServer server = new RawServer(script);
        servers.add(server);
        return server;
    }

    private SubmitOutcome submit(RawServer server) {
        return await(ready(provider(KEY, server.uri("/api/v1").toString(), null), veo().build())
                .submit(pushed));
    }

    private static void drop(RawServer.Conversation conversation, String how) throws IOException {
        switch (how) {
            case "end" -> conversation.write("0\r\n\r\n");
            case "reset" -> conversation.reset();
            default -> conversation.socket.close();
        }
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @Test
    void theServicesOwnExampleIsRead() {
        String[] example = {
            "{\"id\":\"gen_123\",\"status\":\"IN_QUEUE\",\"data\":null,\"usage\":{\"total\":0,\"subscription\":0,\"permanent\":0}}",
            "{\"id\":\"gen_123\",\"status\":\"FAILED\",\"data\":null,\"usage\":{},\"code\":\"VIDEO_GENERATION_FAILED\",\"message\":\"Generation failed.\"}"
        };
        assertThat(Arrays.asList(example)).hasSize(2);

        stream(example);

        assertThat(pushed.shown()).containsExactly("Failed", "ended");
        GenerationError error = ((PollOutcome.Failed) pushed.last()).error();
        assertThat(error.message()).isEqualTo("the generation failed: Generation failed.");
        assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
    }
}
