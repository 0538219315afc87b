/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import static io.genvideo.sandbox.wiro.WiroClient.hmac;
import static io.genvideo.sandbox.wiro.WiroClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TestClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, signatures and nonces of Wiro. */
class WiroCredentialsTest {
    private static final String LIST = "/Tool/List";
    private static final String BODY = "{\"start\":\"0\",\"limit\":\"1\"}";
    private static final Map<String, String> PROJECTS = Map.of(
            "test-api-key", "test-secret",
            "api", "secret",
            "wk_demo_key", "ws_demo_secret",
            "key-only", "");

    private final TestClock clock = new TestClock();
    private Sandbox sandbox;
    private WiroClient client;

    @BeforeEach
    void start() {
        start(SandboxConfig.builder().wiroProjects(PROJECTS));
    }

    private void start(SandboxConfig.Builder config) {
        sandbox = Sandbox.start(
                config.rendering(SandboxConfig.Rendering.SAMPLE).clock(clock).build());
        client = new WiroClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private List<String> violations() {
        return sandbox.ledger().violations().stream()
                .map(Ledger.Violation::what)
                .toList();
    }

    private List<String> notes() {
        return sandbox.ledger().notes().stream().map(Ledger.Note::what).toList();
    }

    private void assertRefused(HttpResponse<String> response, String message) {
        assertThat(response.statusCode()).isEqualTo(401);
        JsonNode body = json(response.body());
        assertThat(body.path("result").asBoolean(true)).isFalse();
        assertThat(body.path("errors").path(0).path("code").asInt(-1)).isZero();
        assertThat(body.path("errors").path(0).path("message").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({
        "test-api-key,1700000000000,2d99fa1b6934f66a712785d1b402997e1b13d9d7cd5e0085211dac133ae4a8ef",
        "api,nonce-1,d453af9a65c4ddd1ff17d5b03d3224b906899f3445dc4b4aadb5580260c60586",
        "wk_demo_key,1734513807,a85af10f954402b25f08e92884d7dbd8e6d957aecd42ef9d7fa75c2e56235e80"
    })
    void acceptsTheSignatureVectorsOfTheContract(String key, String nonce, String signature) throws Exception {
        client.header("x-api-key", key).header("x-nonce", nonce).header("x-signature", signature);
        assertThat(client.send(LIST, BODY).statusCode()).isEqualTo(200);
        assertThat(violations()).isEmpty();
        assertThat(notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "232da32c67c0213c7068b5568ab121dfc632b2a4233aa492ad8b306eca874af6,the key and the secret are swapped",
        "e8a4b0d10f0692e2f76f29e7ad313c3dbd469c4369cdc574ba84d7a9d82f4d55,the nonce stands before the secret",
        "8dfc8704a8b9219a823ae5425cc3f0e5d313f2c89c9948089b1d22c714de5a74,a line feed is signed too",
        "A85AF10F954402B25F08E92884D7DBD8E6D957AECD42EF9D7FA75C2E56235E80,it is not lower-case hexadecimal",
        "0000,it is not the HMAC-SHA256 of secret and nonce"
    })
    void refusesWrongSignaturesAndNamesTheMistake(String signature, String mistake) throws Exception {
        client.header("x-api-key", "wk_demo_key")
                .header("x-nonce", "1734513807")
                .header("x-signature", signature);
        assertRefused(client.send(LIST, BODY), "Project authorization is not valid.");
        assertThat(violations()).containsExactly("a wrong signature: " + mistake);
    }

    @Test
    void acceptsAndNotesThePrefixOfOpenssl() throws Exception {
        client.header("x-api-key", "api")
                .header("x-nonce", "1")
                .header("x-signature", "SHA2-256(stdin)= " + hmac("api", "secret1"));
        assertThat(client.send(LIST, BODY).statusCode()).isEqualTo(200);
        assertThat(notes()).containsExactly("a signature with the prefix of openssl");
    }

    @Test
    void refusesUnknownAndMissingKeys() throws Exception {
        assertRefused(client.header("x-api-key", "stranger").send(LIST, BODY), "Project authorization is not founded.");
        assertThat(violations()).isEmpty();
        assertRefused(client.header("x-api-key", null).send(LIST, BODY), "Project authorization is not founded.");
        assertThat(violations()).containsExactly("the header x-api-key is missing");
    }

    @Test
    void refusesAProjectWithSignaturesWithoutOne() throws Exception {
        String required = "Project requires signature authentication. x-signature and x-nonce headers are required.";
        assertRefused(client.header("x-api-key", "api").send(LIST, BODY), required);
        assertRefused(client.header("x-nonce", "5").send(LIST, BODY), required);
        assertThat(violations()).hasSize(2);
    }

    @Test
    void acceptsAProjectWithoutSignaturesByItsKey() throws Exception {
        assertThat(client.header("x-api-key", "key-only").send(LIST, BODY).statusCode())
                .isEqualTo(200);
        assertThat(client.signed("key-only", "x", "1").send(LIST, BODY).statusCode())
                .isEqualTo(200);
        assertThat(violations()).isEmpty();
        assertThat(notes()).containsExactly("a signature for a project without signatures");
    }

    @Test
    void acceptsAnyKeyUnlessProjectsAreSet() throws Exception {
        stop();
        start(SandboxConfig.builder());
        assertThat(client.send(LIST, BODY).statusCode()).isEqualTo(200);
        assertThat(client.signed("any", SandboxConfig.DEFAULT_WIRO_SECRET, "1")
                        .send(LIST, BODY)
                        .statusCode())
                .isEqualTo(200);
        assertRefused(client.signed("any", "other", "2").send(LIST, BODY), "Project authorization is not valid.");
    }

    @Test
    void notesUsedAndFallingNoncesOverAllEndpoints() throws Exception {
        client.signed("api", "secret", "100").send(LIST, BODY);
        client.send("/Tool/Explore", "{}");
        assertThat(notes()).containsExactly("a nonce was used before");
        clock.forward(Duration.ofSeconds(6));
        client.signed("api", "secret", "101").send(LIST, BODY);
        client.signed("api", "secret", "99").send("/Tool/Explore", "{}");
        assertThat(notes()).hasSize(2).last().asString().startsWith("a nonce is lower");
        client.signed("wk_demo_key", "ws_demo_secret", "99").send(LIST, BODY);
        assertThat(violations()).isEmpty();
    }

    @Test
    void letsRequestsThatAreUnderWayTogetherOvertakeEachOther() throws Exception {
        client.signed("api", "secret", "101").send(LIST, BODY);
        client.signed("api", "secret", "100").send(LIST, BODY);
        assertThat(notes()).isEmpty();
    }

    @Test
    void refusesUsedAndFallingNoncesIfItIsSetTo() throws Exception {
        stop();
        start(SandboxConfig.builder().wiroProjects(PROJECTS).wiroStrictNonces(true));
        assertThat(client.signed("api", "secret", "100").send(LIST, BODY).statusCode())
                .isEqualTo(200);
        assertRefused(client.send(LIST, BODY), "Project authorization is not valid.");
        clock.forward(Duration.ofSeconds(6));
        assertRefused(client.signed("api", "secret", "99").send(LIST, BODY), "Project authorization is not valid.");
        assertThat(client.signed("api", "secret", "102").send(LIST, BODY).statusCode())
                .isEqualTo(200);
        assertThat(violations()).hasSize(2);
    }

    @Test
    void booksAKeyInTheUrl() throws Exception {
        client.header("x-api-key", "key-only").send(LIST, BODY);
        client.send(LIST + "?key=key-only", BODY);
        assertThat(violations()).singleElement().asString().contains("key in the query");
    }
}
