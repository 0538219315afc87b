/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.http.Download;
import io.genvideo.http.HttpGatewayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadGuardTest extends GatewayTestSupport {
    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void name() {
        target = directory.resolve("out.mp4");
    }

    private Download of(URI uri, boolean allowPrivate, Predicate<URI> trusted) {
        return new Download(uri, target, 1000, Duration.ofSeconds(5), allowPrivate, trusted);
    }

    private Download open(URI uri) {
        return of(uri, true, any -> false);
    }

    private Download guarded(URI uri) {
        return of(uri, false, any -> false);
    }

    private List<Path> left() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String redirect(int status, String location) {
        return "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "ftp://example.com/x", "http://user:pw@example.com/", "//:::", "gopher:x"})
    void checksTheAddressOfEveryRedirect(String location) {
        RawServer server = server((conversation, request) -> conversation.write(redirect(302, location)));

        HttpGatewayException failure = failure(gateway().download(open(server.uri("/"))));

        assertThat(failure).hasMessageNotContaining("pw");
        assertThat(left()).isEmpty();
    }

    @Test
    void checksARedirectFromATrustedAddressLikeTheFirstAddress() {
        AtomicBoolean reached = new AtomicBoolean();
        RawServer inside = server((conversation, request) -> {
            reached.set(true);
            conversation.ok("secret");
        });
        RawServer server = server((conversation, request) ->
                conversation.write(redirect(302, inside.uri("/metadata?token=t").toString())));
        Predicate<URI> own = uri -> uri.getPort() == server.port();

        HttpGatewayException failure = failure(gateway().download(of(server.uri("/"), false, own)));

        assertThat(failure)
                .hasMessageContaining("127.0.0.1 is not a public address")
                .hasMessageContaining("allowPrivateUrls")
                .hasMessageNotContaining("token");
        assertThat(reached).isFalse();
        assertThat(inside.connections).hasValue(0);
    }

    @Test
    void sharesNoConnectionBetweenTrustedAndGuardedDownloads() {
        RawServer server = server((conversation, request) -> conversation.ok("x"));
        ApacheHttpGateway gateway = gateway();
        get(gateway.download(of(server.uri("/"), false, uri -> true)));

        failure(gateway.download(guarded(server.uri("/"))));

        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://0.0.0.0/",
                "http://2130706433/",
                "http://10.0.0.1/",
                "http://169.254.169.254/latest",
                "http://[fd00::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://192.168.1.1:8080/",
                "http://100.64.0.1/"
            })
    void refusesPrivateAddresses(String uri) {
        HttpGatewayException failure = failure(gateway().download(guarded(URI.create(uri))));

        assertThat(failure).hasMessageContaining("is not a public address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "ftp://example.com/", "/relative", "http://a:b@example.com/", "mailto:a@b"
            })
    void refusesOtherSchemesEvenIfTrusted(String uri) {
        assertThat(failure(gateway().download(of(URI.create(uri), true, any -> true))))
                .hasMessageMatching(".*(only http and https|user information).*")
                .hasMessageNotContaining("a:b");
    }

    @Test
    void connectsOnlyToAddressesThatWereChecked() throws Exception {
        InetAddress inside = InetAddress.getByName("127.0.0.1");
        RawServer server = server((conversation, request) -> conversation.ok("secret"));
        HttpTimings rebound = QUICK.withLookup(host -> new InetAddress[] {inside});

        HttpGatewayException failure = failure(gateway(settings(), rebound)
                .download(guarded(URI.create("http://rebound.test:" + server.port() + "/"))));

        assertThat(failure).hasMessageContaining("rebound.test is not a public address");
        assertThat(server.connections).hasValue(0);
    }

    @Test
    void refusesIfThePredicateFails() {
        assertThat(failure(gateway().download(of(URI.create("http://127.0.0.1/"), false, uri -> {
                    throw new IllegalStateException("x");
                }))))
                .hasMessageContaining("trusted");
    }
}
