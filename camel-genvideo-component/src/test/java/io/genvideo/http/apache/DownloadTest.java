/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpClientConfigurer;
import io.genvideo.http.HttpGatewayException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest extends GatewayTestSupport {
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

    private List<Path> left() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(left()).isEmpty());
    }

    private static String redirect(int status, String location) {
        return "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void movesTheCompleteFileToItsTarget() throws Exception {
        RawServer server = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5\r\n\r\nvideo"));

        Downloaded downloaded = get(gateway().download(open(server.uri("/v.mp4?sig=a%2Fb"))));

        assertThat(downloaded).isEqualTo(new Downloaded(200, target, "video/mp4", 5));
        assertThat(target).hasContent("video");
        assertThat(left()).containsExactly(target);
        assertThat(server.requests.get(0)).startsWith("GET /v.mp4?sig=a%2Fb HTTP/1.1");
        assertThat(Files.getPosixFilePermissions(target))
                .describedAs("as readable as any other file of the route")
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(target.resolveSibling("other"))));
    }

    @Test
    void replacesAnExistingFile() throws Exception {
        Files.writeString(target, "old");
        RawServer server = server((conversation, request) -> conversation.ok("new"));

        get(gateway().download(open(server.uri("/"))));

        assertThat(target).hasContent("new");
    }

    @Test
    void acceptsAFileOfUnannouncedLength() {
        RawServer chunked = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));

        assertThat(get(gateway().download(open(chunked.uri("/")))).size()).isEqualTo(3);
        assertThat(target).hasContent("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void rejectsAnEmptyFileAsAFailureThatMayPass(String response) {
        RawServer server = server((conversation, request) -> conversation.write(response));

        HttpGatewayException failure = failure(gateway().download(open(server.uri("/"))));

        assertThat(failure).hasMessageContaining("the file is empty");
        assertThat(failure.isPermanent()).isFalse();
        nothingIsLeft();
    }

    @Test
    void neverShowsAPartialFile() {
        CountDownLatch half = new CountDownLatch(1);
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            half.await();
            conversation.write("world");
        });

        CompletableFuture<Downloaded> download = gateway().download(open(server.uri("/")));

        await().untilAsserted(() -> assertThat(left()).singleElement().satisfies(part -> {
            assertThat(part).isNotEqualTo(target).hasSize(5);
            assertThat(part.getFileName().toString()).startsWith(".").endsWith(".part");
        }));
        half.countDown();
        get(download);
        assertThat(left()).containsExactly(target);
        assertThat(target).hasContent("helloworld");
    }

    @Test
    void rejectsAFileThatIsTooLongAnnouncedOrNot() {
        RawServer announced = server((conversation, request) -> conversation.ok("x".repeat(1001)));
        RawServer chunked = server((conversation, request) -> conversation.write(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + "x".repeat(1001) + "\r\n0\r\n\r\n"));

        for (RawServer server : List.of(announced, chunked)) {
            assertThat(failure(gateway().download(open(server.uri("/")))))
                    .hasMessageContaining("longer than 1000 bytes")
                    .hasMessageContaining("maxDownloadSize");
            nothingIsLeft();
        }
    }

    @Test
    void acceptsAFileOfExactlyTheMaximum() {
        RawServer server = server((conversation, request) -> conversation.ok("x".repeat(1000)));

        assertThat(get(gateway().download(open(server.uri("/")))).size()).isEqualTo(1000);
    }

    @Test
    void rejectsAFileThatEndsEarly() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.socket.close();
        });

        failure(gateway().download(open(server.uri("/"))));

        nothingIsLeft();
    }

    @Test
    void givesUpAStalledTransferBeforeItsDeadline() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway(settings(), QUICK.withDownloadSilence(Duration.ofMillis(200)));

        assertThat(failure(gateway.download(open(server.uri("/"))))).hasMessageContaining("sent nothing for too long");
        nothingIsLeft();
    }

    @Test
    void boundsTheWholeTransferByTheDeadline() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.stall();
        });
        Download download = new Download(server.uri("/"), target, 1000, Duration.ofMillis(300), true, any -> false);

        assertThat(failure(gateway().download(download))).hasMessageContaining("no complete response within");
        nothingIsLeft();
    }

    @Test
    void leavesNoFileWhenCancelledOrClosed() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.stall();
        });
        ApacheHttpGateway gateway = gateway();
        CompletableFuture<Downloaded> cancelled = gateway.download(open(server.uri("/")));
        await().until(() -> !left().isEmpty());
        cancelled.cancel(false);
        nothingIsLeft();

        CompletableFuture<Downloaded> closed = gateway.download(open(server.uri("/")));
        await().until(() -> !left().isEmpty());
        gateway.close();

        assertThat(failure(closed)).hasMessageContaining("closed");
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 206, 304, 403, 404, 410, 500, 503})
    void returnsOtherStatusesWithoutAFile(int status) {
        RawServer server = server((conversation, request) ->
                conversation.write("HTTP/1.1 " + status + " Other\r\nContent-Length: 0\r\n\r\n"));

        Downloaded downloaded = get(gateway().download(open(server.uri("/"))));

        assertThat(downloaded.status()).isEqualTo(status);
        assertThat(left()).isEmpty();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void doesNotReadAnEndlessErrorPage() {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 404 No\r\nContent-Length: 1000000000\r\n\r\n");
            while (true) {
                conversation.write("x".repeat(10_000));
            }
        });

        assertThat(get(gateway().download(open(server.uri("/")))).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsAbsoluteAndRelativeRedirects(int status) {
        RawServer server = server((conversation, request) -> {
            if (request.startsWith("GET /a/first ")) {
                conversation.write(redirect(status, "second?x=1"));
            } else {
                conversation.ok(request.startsWith("GET /a/second?x=1 ") ? "right" : "wrong");
            }
        });

        get(gateway().download(open(server.uri("/a/first"))));

        assertThat(target).hasContent("right");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a|b c.mp4", "/a%7Cb%20c.mp4", "/a%7Cb c.mp4#part"})
    void followsARedirectThatShouldHaveBeenEscaped(String location) {
        RawServer server = server((conversation, request) -> {
            if (request.startsWith("GET / ")) {
                conversation.write(redirect(302, location));
            } else {
                conversation.ok(request.startsWith("GET /a%7Cb%20c.mp4 HTTP") ? "right" : "wrong");
            }
        });

        get(gateway().download(open(server.uri("/"))));

        assertThat(target).hasContent("right");
    }

    @Test
    void namesTheFileByTheTargetAloneWhateverTheServerSuggests() {
        RawServer server = server((conversation, request) ->
                conversation.write("HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"../evil.sh\"\r\n"
                        + "Content-Type: video/mp4\r\nContent-Length: 5\r\n\r\nvideo"));

        get(gateway().download(open(server.uri("/..%2f..%2fevil.sh"))));

        assertThat(left()).containsExactly(target);
        assertThat(directory.resolveSibling("evil.sh")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
    void reportsACutFileAsTransient(String length) {
        RawServer server = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n5\r\nvideo\r\n");
            conversation.socket.close();
        });

        assertThat(failure(gateway().download(open(server.uri("/")))).isPermanent())
                .isFalse();
        nothingIsLeft();
    }

    @Test
    void tellsPermanentFailuresFromOthers() throws Exception {
        RawServer tooLong = server((conversation, request) -> conversation.ok("x".repeat(1001)));
        RawServer loop = server((conversation, request) -> conversation.write(redirect(302, "/again")));
        ApacheHttpGateway gateway = gateway();

        assertThat(failure(gateway.download(open(tooLong.uri("/")))).isPermanent())
                .isTrue();
        assertThat(failure(gateway.download(open(loop.uri("/")))).isPermanent()).isTrue();
        assertThat(failure(gateway.download(of(loop.uri("/"), false, any -> false)))
                        .isPermanent())
                .isTrue();
        assertThat(failure(gateway.download(open(URI.create("/relative")))).isPermanent())
                .isTrue();
        assertThat(failure(gateway.download(open(URI.create("http://127.0.0.1:" + deadPort() + "/"))))
                        .isPermanent())
                .isFalse();
    }

    @Test
    void endsARedirectLoop() {
        RawServer server = server((conversation, request) -> conversation.write(redirect(302, "/again")));

        assertThat(failure(gateway().download(open(server.uri("/"))))).hasMessageContaining("more than 5 redirects");
        assertThat(server.requests).hasSize(6);
        assertThat(left()).isEmpty();
    }

    @Test
    void sendsNoCredentialOfTheConfigurer() {
        RawServer server = server((conversation, request) -> conversation.ok("x"));
        HttpClientConfigurer credentials =
                builder -> builder.setDefaultHeaders(List.of(new BasicHeader("X-Api-Key", "secret")))
                        .addRequestInterceptorLast((request, body, context) -> {
                            request.setHeader("Authorization", "Bearer secret");
                            request.setHeader("Cookie", "id=secret");
                        });

        get(gateway(settings().configurer(credentials), QUICK).download(open(server.uri("/"))));

        assertThat(server.requests.get(0)).doesNotContain("secret");
    }

    @Test
    void reportsATargetThatCannotBeWritten() {
        RawServer server = server((conversation, request) -> conversation.ok("x"));
        target = directory.resolve("missing").resolve("out.mp4");

        assertThat(failure(gateway().download(open(server.uri("/"))))).hasMessageContaining("local file");
    }
}
