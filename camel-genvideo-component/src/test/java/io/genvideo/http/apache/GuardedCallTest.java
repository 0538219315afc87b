/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.http.AddressGuard;
import io.genvideo.http.HttpBody;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGatewayException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls to addresses that a service has named, as those of uploads: user bytes must not reach an internal host. */
class GuardedCallTest extends GatewayTestSupport {
    private static final AddressGuard PUBLIC = AddressGuard.publicOr(uri -> false);

    private static HttpCall upload(URI uri, AddressGuard guard) {
        byte[] content = "bytes of the user".getBytes(StandardCharsets.UTF_8);
        return HttpCall.put("upload", uri, new HttpBody.Bytes(content, "image/png"))
                .guard(guard);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost/",
                "http://[::1]/",
                "http://169.254.169.254/latest",
                "http://10.0.0.1/"
            })
    void refusesPrivateAddressesUnsent(String uri) {
        HttpGatewayException failure = failure(gateway().read(upload(URI.create(uri), PUBLIC)));

        assertThat(failure).hasMessageContaining("is not a public address").hasMessageContaining("upload");
        assertThat(failure.wasSent()).isFalse();
        assertThat(failure.isPermanent()).isTrue();
    }

    @Test
    void connectsToNoPrivateAddressEvenIfAServerListensThere() {
        RawServer inside = server((conversation, request) -> conversation.ok("{}"));

        assertThat(failure(gateway().read(upload(inside.uri("/?sig=s3cret"), PUBLIC))))
                .hasMessageNotContaining("s3cret");
        assertThat(failure(gateway().once(upload(inside.uri("/"), PUBLIC))).wasSent())
                .isFalse();
        assertThat(failure(gateway().send(upload(inside.uri("/"), PUBLIC))).wasSent())
                .isFalse();
        assertThat(inside.connections).hasValue(0);
    }

    @Test
    void refusesAPermanentFailureWithoutRepeatingIt() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        InetAddress inside = InetAddress.getByName("127.0.0.1");
        HttpTimings counted = QUICK.withLookup(host -> {
            lookups.incrementAndGet();
            return new InetAddress[] {inside};
        });

        failure(gateway(settings(), counted).read(upload(URI.create("http://rebound.test/"), PUBLIC)));

        assertThat(lookups).hasValue(1);
    }

    @Test
    void sendsToATrustedAddress() {
        RawServer own = server((conversation, request) -> conversation.ok("{}"));
        AddressGuard guard = AddressGuard.publicOr(uri -> uri.getPort() == own.port());

        assertThat(get(gateway().read(upload(own.uri("/"), guard))).status()).isEqualTo(200);
        assertThat(own.requests.get(0)).endsWith("bytes of the user");
    }

    @Test
    void sendsToAPrivateAddressIfTheAccountAllowsIt() {
        RawServer own = server((conversation, request) -> conversation.ok("{}"));

        assertThat(get(gateway().read(upload(own.uri("/"), new AddressGuard(true, uri -> false))))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.com/x", "http://user:pw@example.com/", "/relative"})
    void refusesAnythingThatIsNoWebAddress(String uri) {
        HttpGatewayException failure = failure(gateway().read(upload(URI.create(uri), PUBLIC)));

        assertThat(failure)
                .hasMessageMatching(".*(only http and https|user information).*")
                .hasMessageNotContaining("pw");
        assertThat(failure.isPermanent()).isTrue();
    }

    @Test
    void refusesIfTheGuardFails() {
        AddressGuard failing = AddressGuard.publicOr(uri -> {
            throw new IllegalStateException("mistake");
        });

        assertThat(failure(gateway().read(upload(URI.create("http://127.0.0.1/"), failing))))
                .hasMessageContaining("trusted");
    }

    @Test
    void rejectsAStreamWithAGuard() {
        HttpCall call = create(URI.create("http://127.0.0.1/")).guard(PUBLIC);

        assertThatThrownBy(() -> gateway().stream(call, new StreamTest.EventRecorder(), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
