/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.conformance.ServiceServer.Reply;
import io.genvideo.model.GenerationError;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What each response to a poll means (docs/design.md section 4.5): trouble never ends a task. */
public interface PollResponsesKit extends ConformanceKit {

    @TestFactory
    @DisplayName("poll: the service's own errors")
    default Stream<DynamicTest> ownErrorsOfPolls() {
        ServiceProtocol protocol = protocol();
        PollError unknown = new PollError("unknown task", message -> protocol.unknownTask("task-1"), Kind.UNKNOWN_TASK);
        return Stream.concat(Stream.of(unknown), protocol.pollErrors().stream())
                .map(error -> dynamicTest(
                        error.name() + " is " + error.kind(),
                        () -> trouble(error.response().apply("the reason"), error.kind())));
    }

    @TestFactory
    @DisplayName("poll: responses that are not the service's")
    default Stream<DynamicTest> foreignResponsesToPolls() {
        Stream<Map.Entry<Integer, Kind>> specific = Stream.of(
                Map.entry(401, Kind.UNAUTHORISED),
                Map.entry(403, Kind.UNAUTHORISED),
                Map.entry(429, Kind.RATE_LIMITED));
        Stream<Map.Entry<Integer, Kind>> others =
                IntStream.of(302, 400, 404, 500, 502, 503, 504).mapToObj(status -> Map.entry(status, Kind.UNAVAILABLE));
        return Stream.concat(specific, others)
                .map(each -> dynamicTest(
                        "HTTP " + each.getKey() + " is " + each.getValue(),
                        () -> trouble(ServiceResponse.html(each.getKey()), each.getValue())));
    }

    @TestFactory
    @DisplayName("poll: a body that cannot be read is trouble")
    default Stream<DynamicTest> unreadableBodiesOfPolls() {
        String succeeded =
                protocol().succeeded("task-1", SimulatedService.MEDIUM).text();
        return Stream.of("", "[]", "{}", "null", "not json", "<html>", succeeded.substring(0, succeeded.length() - 1))
                .map(body ->
                        dynamicTest("'" + body + "'", () -> trouble(ServiceResponse.json(body), Kind.UNAVAILABLE)));
    }

    @TestFactory
    @DisplayName("poll: no response is trouble")
    default Stream<DynamicTest> lostResponsesToPolls() {
        ServiceResponse succeeded = protocol().succeeded("task-1", SimulatedService.MEDIUM);
        Stream<Reply> none = Stream.of(Reply.None.values());
        return Stream.concat(none, Stream.of(new Reply.HalfBody(succeeded)))
                .map(reply -> dynamicTest(reply.toString(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        bed.service().answerPolls(reply);

                        PollOutcome outcome = bed.poll("task-1", TestBed.optionsFor(reply));

                        assertThat(outcome).isInstanceOfSatisfying(PollOutcome.Trouble.class, trouble -> {
                            assertThat(trouble.kind()).isEqualTo(Kind.UNAVAILABLE);
                            assertThat(trouble.error().retryable()).isTrue();
                        });
                    }
                }));
    }

    @TestFactory
    @DisplayName("poll: a result whose address cannot be fetched is reported")
    default Stream<DynamicTest> unusableAddressIsReported() {
        return Stream.of("/relative/a.mp4", "a.mp4", "ftp://media.example.com/a.mp4", "file:///etc/passwd")
                .map(address -> dynamicTest(address, () -> {
                    ServiceResponse response = protocol().succeeded("task-1", URI.create(address));
                    trouble(response, Kind.UNUSABLE_RESULT);
                }));
    }

    private void trouble(ServiceResponse response, Kind kind) {
        try (TestBed bed = new TestBed(protocol())) {
            bed.service().answerPolls(response.header("Retry-After", "9"));

            PollOutcome outcome = bed.poll("task-1");

            assertThat(outcome).isInstanceOfSatisfying(PollOutcome.Trouble.class, trouble -> {
                assertThat(trouble.kind()).isEqualTo(kind);
                GenerationError error = trouble.error();
                assertThat(error.provider()).isEqualTo(bed.descriptor().name());
                if (kind != Kind.UNUSABLE_RESULT) {
                    assertThat(trouble.retryAfter()).isEqualTo(Duration.ofSeconds(9));
                }
            });
            assertThat(bed.service().creates()).isEmpty();
        }
    }
}
