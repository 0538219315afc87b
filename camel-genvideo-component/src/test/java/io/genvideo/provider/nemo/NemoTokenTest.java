/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.genvideo.model.Credits;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/nemo.md sections 3 and 4: a token that was given, or one anonymous token in its life. */
class NemoTokenTest extends NemoTestSupport {
    private static final String REQUEST = "/api/auth/anonymous-token";
    private static final String BALANCE = "/api/credits/balance/simple";

    @TempDir
    Path folder;

    @BeforeEach
    void answerBalances() {
        stubBalance(data("{\"available\":25000,\"frozen\":40,\"total\":25040}"));
    }

    private static void stubBalance(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(get(urlPathEqualTo(BALANCE)).willReturn(answer));
    }

    private static void stubToken(ResponseDefinitionBuilder answer) {
        SERVICE.stubFor(post(urlPathEqualTo(REQUEST)).willReturn(answer));
    }

    private ResponseDefinitionBuilder issued(String token) {
        return data("{\"token\":\"" + token + "\",\"user_id\":\"anon_abc123\",\"expires_at\":\""
                + clock.instant().plus(Duration.ofDays(7)) + "\",\"credits\":100}");
    }

    private Path file() {
        return folder.resolve("token.json");
    }

    private GenerationProvider anonymous() {
        return provider(null, Map.of("tokenFile", file().toString()));
    }

    private static Credits credits(GenerationProvider provider) {
        return await(provider.credits(CallOptions.DEFAULT));
    }

    private static GenvideoException refused(GenerationProvider provider) {
        return failure(() -> provider.credits(CallOptions.DEFAULT));
    }

    private static void verifyTokens(int count) {
        SERVICE.verify(count, postRequestedFor(urlPathEqualTo(REQUEST)));
    }

    @Test
    void givenTokenIsSentWithHonestAttribution() {
        Credits credits = credits(provider());

        assertThat(credits.available()).isEqualByComparingTo("25000");
        assertThat(credits.details()).containsKeys("frozen", "total");
        SERVICE.verify(
                1,
                getRequestedFor(urlPathEqualTo(BALANCE))
                        .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                        .withHeader("X-Skill-Source", equalTo("camel-genvideo"))
                        .withHeader("X-Skill-Version", matching(".+"))
                        .withHeader("X-Skill-Platform", equalTo("unknown")));
        verifyTokens(0);
    }

    @Test
    void attributionIsASetting() {
        credits(provider(TOKEN, Map.of("skillSource", "my studio", "skillVersion", "2.1", "skillPlatform", "cursor")));

        SERVICE.verify(
                1,
                getRequestedFor(urlPathEqualTo(BALANCE))
                        .withHeader("X-Skill-Source", equalTo("my studio"))
                        .withHeader("X-Skill-Version", equalTo("2.1"))
                        .withHeader("X-Skill-Platform", equalTo("cursor")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\r\nX: y", "caf\u00e9"})
    void attributionThatNoHeaderCanCarryIsRefused(String value) {
        assertThat(failure(() -> CompletableFuture.completedFuture(provider(TOKEN, Map.of("skillSource", value)))))
                .hasMessageContaining("settings[skillSource]");
    }

    @Test
    void anonymousTokenIsRequestedOnceForAllWhoShareTheFile() {
        stubToken(issued("nmv_usr_anonymous").withFixedDelay(100));
        GenerationProvider first = anonymous();
        GenerationProvider second = anonymous();

        List<CompletableFuture<Credits>> calls = Stream.of(first, second, first, second)
                .map(p -> p.credits(CallOptions.DEFAULT).toCompletableFuture())
                .toList();
        calls.forEach(call -> await(call));
        credits(anonymous());

        verifyTokens(1);
        SERVICE.verify(
                5,
                getRequestedFor(urlPathEqualTo(BALANCE))
                        .withHeader("Authorization", equalTo("Bearer nmv_usr_anonymous")));
        SERVICE.verify(
                1,
                postRequestedFor(urlPathEqualTo(REQUEST))
                        .withHeader("X-Client-Id", matching("camel-genvideo-[0-9a-f]{32}"))
                        .withHeader("Authorization", absent()));
    }

    @Test
    void fileIsForItsOwnerOnly() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        stubToken(issued("nmv_usr_anonymous"));
        credits(anonymous());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("token.json.lock"))))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");

        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(refused(anonymous())).hasMessageContaining("chmod 600").hasMessageNotContaining("nmv_usr");
    }

    @Test
    void clientIdStaysWhenTheTokenHasExpired() throws IOException {
        stubToken(issued("nmv_usr_first"));
        credits(anonymous());
        String clientId = stored().path("clientId").asText();
        clock.forward(Duration.ofDays(7));
        stubToken(issued("nmv_usr_second"));

        GenerationProvider later = anonymous();
        credits(later);
        credits(later);

        verifyTokens(2);
        assertThat(stored().path("clientId").asText()).isEqualTo(clientId);
        assertThat(stored().path("token").asText()).isEqualTo("nmv_usr_second");
    }

    private JsonNode stored() throws IOException {
        return MAPPER.readTree(file().toFile());
    }

    /** What a process leaves that dies between its request and the response. */
    @Test
    void clientIdIsKeptBeforeTheTokenIsRequested() throws IOException {
        stubToken(aResponse().withStatus(503));

        assertThat(refused(anonymous()).getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);

        assertThat(stored().path("clientId").asText()).startsWith("camel-genvideo-");
        assertThat(stored().path("token").isMissingNode()).isTrue();
    }

    @Test
    void rejectedTokenIsRenewedOnceAndTheCallRepeatedOnce() {
        stubToken(issued("nmv_usr_first"));
        GenerationProvider provider = anonymous();
        credits(provider);
        clock.forward(Duration.ofDays(1));
        stubToken(issued("nmv_usr_second"));
        SERVICE.stubFor(get(urlPathEqualTo(BALANCE))
                .withHeader("Authorization", equalTo("Bearer nmv_usr_first"))
                .willReturn(error(200, 1001, "token expired")));

        assertThat(credits(provider).available()).isEqualByComparingTo("25000");
        verifyTokens(2);

        // the new one is rejected at once, too: another request would be refused
        stubBalance(error(401, 1001, "token expired"));
        assertThat(refused(provider).getCategory()).isEqualTo(ErrorCategory.AUTHENTICATION);
        assertThat(refused(provider)).hasMessageNotContaining("nmv_usr_");
        verifyTokens(2);
    }

    @Test
    void tokenThatSomebodyElseHasRenewedIsUsed() {
        stubToken(issued("nmv_usr_first"));
        GenerationProvider first = anonymous();
        GenerationProvider second = anonymous();
        credits(first);
        credits(second);
        clock.forward(Duration.ofDays(1));
        stubToken(issued("nmv_usr_second"));
        SERVICE.stubFor(get(urlPathEqualTo(BALANCE))
                .withHeader("Authorization", equalTo("Bearer nmv_usr_first"))
                .willReturn(error(401, 1001, "token expired")));

        credits(first);
        credits(second);

        verifyTokens(2);
    }

    @Test
    void givenTokenIsNeverReplaced() {
        stubBalance(error(401, 1001, "token expired"));

        assertThat(refused(provider()).getCategory()).isEqualTo(ErrorCategory.AUTHENTICATION);
        verifyTokens(0);
    }

    @Test
    void tooManyTokensAreFinalAndSaidClearly() {
        stubToken(error(429, 429, "rate limit"));

        GenvideoException first = refused(anonymous());
        GenvideoException again = refused(anonymous());

        assertThat(first.getCategory()).isEqualTo(ErrorCategory.RATE_LIMITED);
        assertThat(first.getError().retryable()).isFalse();
        assertThat(first).hasMessageContaining("7 days").hasMessageContaining("NEMO_TOKEN");
        assertThat(again).hasMessageContaining("7 days");
        verifyTokens(1);

        clock.forward(Duration.ofHours(1));
        refused(anonymous());
        verifyTokens(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "{}", "[]", "{\"clientId\":\"\\u0000\"}", "{\"clientId\":7"})
    void fileThatIsNoTokenFileIsRefusedAndKept(String content) throws IOException {
        Files.writeString(file(), content);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        }

        assertThat(refused(anonymous()))
                .hasMessageContaining("settings[tokenFile]")
                .hasMessageContaining("no token file");

        verifyTokens(0);
        assertThat(file()).hasContent(content);
    }

    @Test
    void folderThatDoesNotExistIsReported() {
        GenerationProvider provider = provider(
                null, Map.of("tokenFile", folder.resolve("missing/token.json").toString()));

        assertThat(refused(provider))
                .hasMessageContaining("settings[tokenFile]")
                .hasMessageContaining("missing");
        verifyTokens(0);
    }

    @Test
    void messageWithARejectedTokenIsSentAgainByTheEngineWithANewOne() {
        stubToken(issued("nmv_usr_first"));
        GenerationProvider provider = anonymous();
        credits(provider);
        clock.forward(Duration.ofDays(1));
        stubToken(issued("nmv_usr_second"));
        stubState(EMPTY_STATE);
        SERVICE.stubFor(post(urlPathEqualTo("/run_sse"))
                .inScenario("token")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(error(401, 1001, "token expired"))
                .willSetStateTo("renewed"));
        SERVICE.stubFor(post(urlPathEqualTo("/run_sse"))
                .inScenario("token")
                .whenScenarioStateIs("renewed")
                .withHeader("Authorization", equalTo("Bearer nmv_usr_second"))
                .willReturn(events(text("done"))));
        var ready = ready(provider, request().build());

        assertThat(await(ready.submit())).isInstanceOf(SubmitOutcome.Deferred.class);
        assertThat(await(ready.submit())).isInstanceOf(SubmitOutcome.Accepted.class);
        verifyTokens(2);
    }

    @Test
    void anonymousUserWithoutCreditsGetsTheRegistrationLink() {
        stubToken(issued("nmv_usr_anonymous"));
        stubChat(error(402, 2001, "no credits"));

        SubmitOutcome outcome = await(ready(anonymous(), request().build()).submit());

        assertThat(error(outcome).category()).isEqualTo(ErrorCategory.INSUFFICIENT_CREDITS);
        assertThat(error(outcome).message()).contains("https://nemovideo.com/register?bind=anon_abc123");
    }
}
