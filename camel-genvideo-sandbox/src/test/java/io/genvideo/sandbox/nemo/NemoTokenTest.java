/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import static io.genvideo.sandbox.nemo.NemoClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Anonymous tokens, their life, and errors in both forms. */
@Timeout(60)
class NemoTokenTest {
    private static final String CREDITS = "/api/credits/balance/simple";

    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private NemoClient client;

    @BeforeEach
    void start() {
        start(false);
    }

    private void start(boolean matchingHttpStatus) {
        stop();
        sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .clock(clock)
                .matchingHttpStatus(matchingHttpStatus)
                .nemo(NemoSettings.DEFAULT.withSilentShare(0))
                .build());
        client = new NemoClient(sandbox);
    }

    @AfterEach
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private JsonNode token(String clientId) throws Exception {
        return json(client.anonymousToken(clientId).body()).path("data");
    }

    private int code() throws Exception {
        return json(client.get(CREDITS).body()).path("code").asInt();
    }

    @Test
    void anAnonymousUserHas100CreditsFor7Days() throws Exception {
        JsonNode token = token("one");
        client.token(token.path("token").asText());

        assertThat(token.path("token").asText()).startsWith("nmv_usr_");
        assertThat(token.path("expires_at").asText()).isEqualTo("2026-03-08T10:00:00Z");
        assertThat(client.credits().path("available").asInt()).isEqualTo(100);
        assertThat(client.created().path("user_id")).isEqualTo(token.path("user_id"));
    }

    @Test
    void theCreditsAreUsedUpByOneVideo() throws Exception {
        client.token(token("one").path("token").asText());
        client.chat(client.session(), "a lake");

        NemoClient.Stream second = client.chat(client.session(), "a boat");

        assertThat(json(second.lines().get(0)).path("code").asInt()).isEqualTo(2001);
    }

    @Test
    void aTokenIsRenewedWhenItHasExpired() throws Exception {
        JsonNode first = token("one");
        client.token(first.path("token").asText());
        client.chat(client.session(), "a lake");
        clock.forward(Duration.ofDays(7));

        int expired = code();
        JsonNode second = token("one");
        client.token(second.path("token").asText());

        assertThat(expired).isEqualTo(1001);
        assertThat(second.path("token")).isNotEqualTo(first.path("token"));
        assertThat(second.path("user_id")).isEqualTo(first.path("user_id"));
        assertThat(client.credits().path("available").asInt()).isZero();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void aSecondTokenIsRefusedWhileTheFirstIsValid() throws Exception {
        token("one");

        HttpResponse<String> second = client.anonymousToken("one");

        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(token("two").path("token").asText()).isNotEmpty();
        assertThat(sandbox.ledger().violations())
                .extracting(Ledger.Violation::route)
                .containsExactly("token");
    }

    @Test
    void aTokenCanExpireInTheMiddle() throws Exception {
        client.token(token("one").path("token").asText());
        String session = client.session();

        NemoClient.Stream stream = client.chat(session, "a lake [[expire-token: 1]]");
        String state = client.rawState(session);
        int expired = code();
        client.token(token("one").path("token").asText());

        assertThat(stream.text()).isNotEmpty();
        assertThat(json(state).path("code").asInt()).isZero();
        assertThat(expired).isEqualTo(1001);
        assertThat(client.state(session).has("draft")).isTrue();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @Test
    void aClaimIsForOneSession() throws Exception {
        JsonNode session = client.created();
        String body = "{\"task_id\":" + session.path("task_id") + ",\"session_id\":" + session.path("session_id") + "}";

        JsonNode claim = json(client.post("/api/auth/claim-token", body).body()).path("data");

        assertThat(claim.path("claim_token").asText()).startsWith("clm_");
        assertThat(claim.path("expires_in").asInt()).isEqualTo(604_800);
    }

    @ParameterizedTest
    @CsvSource({"false, 200, 200, 200", "true, 401, 404, 402"})
    void errorsComeInBothForms(boolean matching, int token, int session, int credits) throws Exception {
        start(matching);

        HttpResponse<String> noSession = client.get("/api/state/nemo_agent/me/5529798706024415232/latest");
        NemoClient.Stream noCredits = client.chat(client.session(), "a lake [[insufficient]]");
        HttpResponse<String> noToken = client.token("sk_x").get(CREDITS);

        assertThat(noToken.statusCode()).isEqualTo(token);
        assertThat(json(noToken.body()).path("code").asInt()).isEqualTo(1001);
        assertThat(noSession.statusCode()).isEqualTo(session);
        assertThat(json(noSession.body()).path("code").asInt()).isEqualTo(1002);
        assertThat(noCredits.status()).isEqualTo(credits);
        assertThat(json(noCredits.lines().get(0)).path("code").asInt()).isEqualTo(2001);
    }

    @Test
    void faultsComeInTheEnvelopeOfTheService() throws Exception {
        sandbox.faults()
                .add(FaultRule.on("nemo", "credits", Fault.unauthorized()).times(1));

        assertThat(code()).isEqualTo(1001);
        assertThat(code()).isZero();
    }
}
