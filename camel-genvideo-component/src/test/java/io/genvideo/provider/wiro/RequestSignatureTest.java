/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.spi.CallOptions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/wiro.md section 2. */
class RequestSignatureTest extends WiroTestSupport {

    @ParameterizedTest
    @CsvSource({
        "test-api-key, test-secret, 1700000000000, 2d99fa1b6934f66a712785d1b402997e1b13d9d7cd5e0085211dac133ae4a8ef",
        "api, secret, nonce-1, d453af9a65c4ddd1ff17d5b03d3224b906899f3445dc4b4aadb5580260c60586",
        "wk_demo_key, ws_demo_secret, 1734513807, a85af10f954402b25f08e92884d7dbd8e6d957aecd42ef9d7fa75c2e56235e80"
    })
    void matchesTheVectorsOfTheContract(String key, String secret, String nonce, String signature) {
        assertThat(RequestSignature.of(key, secret, nonce)).isEqualTo(signature);
    }

    @Test
    void noncesIncreaseWithoutEndWhileTheClockStandsAndForAllThreads() {
        RequestSignature signature = new RequestSignature(SECRET, clock);

        List<Long> nonces = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> Long.valueOf(signature.headers(KEY).get(0).getValue()))
                .toList();

        assertThat(nonces).doesNotHaveDuplicates().allMatch(n -> n >= clock.millis());
        long last = Long.parseLong(signature.headers(KEY).get(0).getValue());
        assertThat(nonces).allMatch(n -> n < last);
    }

    @Test
    void signsEveryCallOfAnAccountWithItsOwnNonce() {
        LoggedRequest run = run(wan().build());
        LoggedRequest tool = SERVICE.findAll(postRequestedFor(urlPathEqualTo("/v1/Tool/Detail")))
                .get(0);

        for (LoggedRequest call : List.of(tool, run)) {
            assertThat(call.getHeader("x-api-key")).isEqualTo(KEY);
            assertThat(call.getHeader("x-signature"))
                    .isEqualTo(RequestSignature.of(KEY, SECRET, call.getHeader("x-nonce")));
        }
        assertThat(Long.parseLong(run.getHeader("x-nonce"))).isGreaterThan(Long.parseLong(tool.getHeader("x-nonce")));
    }

    @Test
    void signsARepeatedReadAnew() {
        SERVICE.stubFor(post(urlPathEqualTo("/v1/Tool/Detail"))
                .inScenario("repeat")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("again"));
        SERVICE.stubFor(post(urlPathEqualTo("/v1/Tool/Detail"))
                .inScenario("repeat")
                .whenScenarioStateIs("again")
                .willReturn(okJson(tool(WAN))));

        await(provider().describe(WAN, CallOptions.DEFAULT));

        Stream<String> nonces = SERVICE.findAll(postRequestedFor(urlPathEqualTo("/v1/Tool/Detail"))).stream()
                .map(r -> r.getHeader("x-nonce"));
        assertThat(nonces).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void sendsOnlyTheKeyOfAProjectWithoutSecret() {
        await(provider(KEY, null).describe(WAN, CallOptions.DEFAULT));

        LoggedRequest call = SERVICE.findAll(postRequestedFor(urlPathEqualTo("/v1/Tool/Detail")))
                .get(0);
        assertThat(call.getHeader("x-api-key")).isEqualTo(KEY);
        assertThat(call.containsHeader("x-nonce")).isFalse();
        assertThat(call.containsHeader("x-signature")).isFalse();
    }
}
