/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message streams, and what it does to state and credits meanwhile. */
@Timeout(60)
class NemoStreamTest {
    /** A generation takes 200 s, give or take a fifth. */
    private static final Duration WHOLE = Duration.ofSeconds(241);

    private static final TestClock CLOCK = new TestClock();
    private static Sandbox shared;

    private final TestClock clock = CLOCK;
    private Sandbox sandbox = shared;
    private NemoClient client = new NemoClient(shared);

    @BeforeAll
    static void startShared() {
        shared = started(NemoSettings.DEFAULT.withSilentShare(0).withEvents(NemoSettings.Events.TYPED));
    }

    @AfterAll
    static void stopShared() {
        shared.close();
    }

    private static Sandbox started(NemoSettings settings) {
        return Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(CLOCK)
                .timeScale(1)
                .nemo(settings)
                .build());
    }

    private void start(NemoSettings settings) {
        sandbox = started(settings);
        client = new NemoClient(sandbox);
    }

    @AfterEach
    void reset() {
        if (sandbox != shared) {
            sandbox.close();
        }
        shared.reset();
    }

    private boolean hasEnded(int message) {
        return sandbox.ledger().tasks().get(message).readyAt() != null;
    }

    /** Lets the work on the last message end. */
    private void work() {
        int last = sandbox.ledger().tasks().size() - 1;
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            clock.forward(WHOLE);
            return hasEnded(last);
        });
    }

    private NemoClient.Stream worked(String session, String text) throws Exception {
        HttpResponse<InputStream> response = client.open(session, text);
        work();
        return NemoClient.read(response);
    }

    private static List<String> types(NemoClient.Stream stream) {
        return stream.events().stream().map(e -> e.path("type").asText()).toList();
    }

    @Test
    void typedEventsTellWhatTheyAre() throws Exception {
        NemoClient.Stream stream = worked(client.session(), "a lake, 10 seconds [[events: typed]]");

        assertThat(types(stream))
                .containsExactly(
                        "text", "text", "tool_call", "tool_result", "tool_call", "tool_result", "text", "text");
        assertThat(stream.events().get(2).path("name").asText()).isEqualTo("generate_video_with_seedance");
        assertThat(stream.events().get(2).path("args").path("duration").asInt()).isEqualTo(10);
        assertThat(stream.broken()).isFalse();
    }

    @Test
    void eventsOfTheAdkRepeatThePartialTexts() throws Exception {
        NemoClient.Stream stream = worked(client.session(), "a lake [[events: adk]]");

        List<JsonNode> events = stream.events();
        List<JsonNode> opening = events.subList(0, 3);
        assertThat(opening.stream().map(e -> e.path("partial").asBoolean())).containsExactly(true, true, false);
        assertThat(opening.stream().map(e -> e.at("/content/parts/0/text").asText()))
                .containsExactly("Let me ", "work on that.", "Let me work on that.");
        JsonNode call = events.get(3).at("/content/parts/0/functionCall");
        JsonNode response = events.get(4).at("/content/parts/0/functionResponse");
        assertThat(call.path("name").asText()).isEqualTo("generate_video_with_seedance");
        assertThat(response.path("id")).isEqualTo(call.path("id"));
        assertThat(events.get(4).at("/content/role").asText()).isEqualTo("user");
        assertThat(events).allSatisfy(e -> assertThat(e.path("author").asText()).isEqualTo("nemo_agent"));
    }

    @Test
    void theShapesTakeTurnsUnlessOneIsChosen() throws Exception {
        start(NemoSettings.DEFAULT.withSilentShare(0));

        NemoClient.Stream first = worked(client.session(), "a lake");
        NemoClient.Stream second = worked(client.session(), "a lake");

        assertThat(first.events().get(0).has("type")).isTrue();
        assertThat(second.events().get(0).has("invocationId")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "json, data: {\"type\":\"heartbeat\"}",
        "text, data: heartbeat",
        "empty, 'data: '",
        "comment, : heartbeat"
    })
    void heartbeatsHaveOneForm(String form, String line) throws Exception {
        NemoClient.Stream stream = worked(client.session(), "a lake [[heartbeat: " + form + "]]");

        assertThat(stream.heartbeats()).hasSizeGreaterThan(3).containsOnly(line);
    }

    @Test
    void heartbeatsHaveAllFormsByTurns() throws Exception {
        assertThat(worked(client.session(), "a lake").heartbeats())
                .startsWith("data: {\"type\":\"heartbeat\"}", "data: heartbeat", "data: ", ": heartbeat");
    }

    @Test
    void aHeartbeatComesEvery12Seconds() throws Exception {
        HttpResponse<InputStream> response = client.open(client.session(), "a lake [[take: 200s]] [[fail]]");
        clock.forward(Duration.ofSeconds(200));

        assertThat(NemoClient.read(response).heartbeats()).hasSize(200 / 12);
    }

    @Test
    void aSilentEditHasToolCallsOnly() throws Exception {
        String session = client.session();
        worked(session, "a lake");
        String before = client.draft(session);

        NemoClient.Stream stream = worked(session, "a boat on it [[silent]]");

        assertThat(types(stream)).containsExactly("tool_call", "tool_result");
        assertThat(client.draft(session)).isNotEqualTo(before);
    }

    @Test
    void aShareOfTheEditsIsSilent() throws Exception {
        start(NemoSettings.DEFAULT.withSilentShare(1).withEvents(NemoSettings.Events.TYPED));
        String session = client.session();

        NemoClient.Stream generation = worked(session, "a lake");
        NemoClient.Stream edit = worked(session, "a boat on it");

        assertThat(generation.text()).isNotEmpty();
        assertThat(edit.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"drop: 2, true", "'drop: 2, clean', false"})
    void workGoesOnAfterTheStreamIsDropped(String directive, boolean broken) throws Exception {
        String session = client.session();

        NemoClient.Stream stream = NemoClient.read(client.open(session, "a lake [[" + directive + "]]"));
        JsonNode during = client.state(session);
        long frozen = client.credits().path("frozen").asLong();
        work();

        assertThat(stream.lines()).hasSize(2);
        assertThat(stream.broken()).isEqualTo(broken);
        assertThat(during.has("draft")).isFalse();
        assertThat(frozen).isEqualTo(100);
        assertThat(client.state(session).has("draft")).isTrue();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void workGoesOnWhenTheClientLeaves() throws Exception {
        String session = client.session();

        client.open(session, "a lake").body().close();
        await().until(() -> sandbox.openStreams() == 0);
        work();

        assertThat(client.state(session).has("draft")).isTrue();
    }

    @Test
    void aFaultDropsTheStreamAsADirectiveDoes() throws Exception {
        sandbox.faults().add(FaultRule.on("nemo", "create", Fault.dropStream(1, Fault.End.CUT)));
        String session = client.session();

        NemoClient.Stream stream = NemoClient.read(client.open(session, "a lake"));
        work();

        assertThat(stream.broken()).isTrue();
        assertThat(client.state(session).has("draft")).isTrue();
    }

    @Test
    void aMessageThatIsSentTwiceIsChargedTwice() throws Exception {
        String session = client.session();
        NemoClient.read(client.open(session, "a lake [[drop: 1]]"));

        NemoClient.read(client.open(session, "a lake [[drop: 1]]"));

        assertThat(sandbox.ledger().charges())
                .extracting(Ledger.Charge::taskId)
                .containsExactly(session + "-1", session + "-2");
        assertThat(sandbox.ledger().charges().stream()
                        .map(Ledger.Charge::promptHash)
                        .distinct())
                .hasSize(1);
        assertThat(sandbox.ledger().violations())
                .extracting(Ledger.Violation::what)
                .containsExactly("the message " + session
                        + "-1 was sent again although its stream did not end; both are charged");
    }

    @Test
    void theStateChangesInTwoStages() throws Exception {
        String session = client.session();
        HttpResponse<InputStream> response = client.open(session, "a lake [[take: 100s]]");
        await().until(() -> {
            clock.forward(clockIsAt(85) ? Duration.ZERO : Duration.ofSeconds(85));
            return client.state(session).has("draft");
        });
        String first = client.draft(session);
        clock.forward(Duration.ofSeconds(30));
        NemoClient.read(response);

        assertThat(tracks(first)).containsExactly(1, 0, 0);
        assertThat(tracks(client.draft(session))).containsExactly(1, 1, 0);
    }

    private boolean clockIsAt(int seconds) {
        return !clock.instant()
                .isBefore(sandbox.ledger().tasks().get(0).createdAt().plusSeconds(seconds));
    }

    private static List<Integer> tracks(String draft) {
        return NemoClient.json(draft).path("t").findValues("sg").stream()
                .map(JsonNode::size)
                .toList();
    }

    @Test
    void theSecondStageCanComeAfterTheStream() throws Exception {
        String session = client.session();
        NemoClient.Stream stream = worked(session, "a lake [[late-stage: 9000m]]");

        List<Integer> before = tracks(client.draft(session));
        clock.forward(Duration.ofMinutes(9000));
        await().until(() -> tracks(client.draft(session)).get(1) == 1);

        assertThat(stream.broken()).isFalse();
        assertThat(before).containsExactly(1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unchanged", "talk"})
    void aMessageMayLeaveTheStateAsItWas(String directive) throws Exception {
        String session = client.session();

        NemoClient.Stream stream = worked(session, "what do you think? [[" + directive + "]]");

        assertThat(stream.text()).isNotEmpty();
        assertThat(client.state(session)).isEmpty();
    }

    @Test
    void talkCostsNothing() throws Exception {
        long before = client.credits().path("total").asLong();

        worked(client.session(), "what do you think? [[talk]]");

        assertThat(client.credits().path("total").asLong()).isEqualTo(before);
        assertThat(sandbox.ledger().charges()).extracting(Ledger.Charge::points).containsExactly(0L);
    }

    @Test
    void speaksOfAUserInterface() throws Exception {
        assertThat(worked(client.session(), "a lake [[gui]]").text())
                .contains("Click the \"Export\" button")
                .contains("点击");
    }

    @Test
    void mayEndWithATemporaryIssueAlthoughAllIsWell() throws Exception {
        String session = client.session();

        NemoClient.Stream stream = worked(session, "a lake [[temporary-issue]]");

        assertThat(stream.text()).contains("has been updated").contains("I encountered a temporary issue");
        assertThat(client.state(session).has("draft")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"typed", "adk"})
    void aFailureIsAnErrorInTheStream(String shape) throws Exception {
        String session = client.session();

        NemoClient.Stream stream = worked(session, "a lake [[fail: no swans]] [[events: " + shape + "]]");

        assertThat(stream.events().get(stream.events().size() - 1).path("error").asText())
                .isEqualTo("no swans");
        assertThat(client.state(session)).isEmpty();
        assertThat(sandbox.ledger().tasks().get(0).state()).isEqualTo("FAILED");
    }

    @Test
    void aStuckMessageHasHeartbeatsOnly() throws Exception {
        HttpResponse<InputStream> response = client.open(client.session(), "a lake [[stuck]]");
        await().until(() -> sandbox.openStreams() == 1);
        clock.forward(Duration.ofHours(1));
        client.credits();

        assertThat(sandbox.openStreams()).isEqualTo(1);
        assertThat(sandbox.ledger().tasks().get(0).state()).isEqualTo("PROCESSING");
        response.body().close();
    }

    @Test
    void creditsAreFrozenWhileWorkGoesOnAndThenSpent() throws Exception {
        String session = client.session();
        long start = client.credits().path("available").asLong();

        HttpResponse<InputStream> response = client.open(session, "a lake");
        JsonNode during = client.credits();
        work();
        NemoClient.read(response);
        JsonNode after = client.credits();
        worked(session, "a boat on it");

        assertThat(during.path("frozen").asLong()).isEqualTo(100);
        assertThat(during.path("total").asLong()).isEqualTo(start);
        assertThat(after.path("frozen").asLong()).isZero();
        assertThat(after.path("total").asLong()).isEqualTo(start - 100);
        assertThat(client.credits().path("total").asLong()).isEqualTo(start - 150);
    }

    @Test
    void creditsOfWorkThatFailedAreAvailableAgain() throws Exception {
        long start = client.credits().path("total").asLong();

        worked(client.session(), "a lake [[fail]]");

        assertThat(client.credits().path("available").asLong()).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({
        "insufficient, 200, 2001",
        "code: 1002, 200, 1002",
        "'code: 2001, 402', 402, 2001",
        "'code: 1001, 401', 401, 1001",
        "subscription, 402, 402",
        "busy, 429, 429",
        "reject: no swans, 400, 400"
    })
    void refusesBeforeTheStreamAsJson(String directive, int status, int code) throws Exception {
        NemoClient.Stream answer = NemoClient.read(client.open(client.session(), "a lake [[" + directive + "]]"));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(NemoClient.json(answer.lines().get(0)).path("code").asInt()).isEqualTo(code);
        assertThat(sandbox.ledger().charges()).isEmpty();
    }

    @Test
    void anEmptySuccessIsAStreamWithoutEvents() throws Exception {
        sandbox.faults().add(FaultRule.on("nemo", "create", Fault.emptyData()).times(1));

        NemoClient.Stream stream = client.chat(client.session(), "a lake");

        assertThat(stream.contentType()).isEqualTo("text/event-stream");
        assertThat(stream.lines()).isEmpty();
        assertThat(sandbox.ledger().charges()).hasSize(1);
    }

    @Test
    void forgetsSessionsOnReset() throws Exception {
        String session = client.session();
        sandbox.reset();

        assertThat(NemoClient.json(client.rawState(session)).path("code").asInt())
                .isEqualTo(1002);
    }
}
