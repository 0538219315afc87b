/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.http.Download;
import io.genvideo.http.Downloaded;
import io.genvideo.http.HttpGatewayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media hosts that are slow in any way delay neither each other nor the services' own calls. */
class BulkheadTest extends GatewayTestSupport {
    @TempDir
    Path directory;

    private final CountDownLatch nameServerBack = new CountDownLatch(1);

    /** Every name is this machine; those of slow name servers are found late. */
    private InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.startsWith("slow")) {
            try {
                nameServerBack.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }

    private CompletableFuture<Downloaded> download(
            ApacheHttpGateway gateway, String host, RawServer server, String name) {
        URI uri = URI.create("http://" + host + ":" + server.port() + "/" + name);
        return gateway.download(
                new Download(uri, directory.resolve(name), 100_000, Duration.ofSeconds(20), true, any -> false));
    }

    @Test
    void sendsCreatesWhileNameServersOfMediaHostsAreSlow() {
        RawServer server = server((conversation, request) -> conversation.ok("{}"));
        ApacheHttpGateway gateway = gateway(settings(), QUICK.withLookup(this::lookUp));
        List<CompletableFuture<Downloaded>> downloads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            downloads.add(download(gateway, "slow" + i + ".test", server, "v" + i));
        }

        URI api = URI.create("http://api.test:" + server.port() + "/create");
        assertThat(get(gateway.send(create(api))).status()).isEqualTo(200);

        assertThat(downloads).noneMatch(CompletableFuture::isDone);
        nameServerBack.countDown();
        downloads.forEach(GatewayTestSupport::get);
    }

    @Test
    void downloadsWhileAnotherHostTrickles() {
        RawServer trickling = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(50, TimeUnit.MILLISECONDS)) {
                conversation.write("x");
            }
        });
        RawServer good = server((conversation, request) -> conversation.ok("video"));
        ApacheHttpGateway gateway = gateway(settings(), QUICK.withLookup(this::lookUp));
        List<CompletableFuture<Downloaded>> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(download(gateway, "trickle.test", trickling, "slow" + i));
        }
        await().until(() -> trickling.requests.size() == ClientFactory.MAX_DOWNLOADS_PER_HOST);

        assertThat(get(download(gateway, "good.test", good, "good")).status()).isEqualTo(200);

        assertThat(slow).noneMatch(CompletableFuture::isDone);
        assertThat(trickling.requests).hasSize(ClientFactory.MAX_DOWNLOADS_PER_HOST);
        slow.forEach(each -> each.cancel(false));
    }

    @Test
    void givesUpATricklingDownloadAsTransient() {
        RawServer trickling = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                conversation.write("x");
            }
        });
        HttpTimings quick = QUICK.withLookup(this::lookUp).withSlowestDownload(Duration.ofMillis(200), 1000);

        HttpGatewayException failure = failure(download(gateway(settings(), quick), "trickle.test", trickling, "v"));

        assertThat(failure).hasMessageMatching(".*sent only \\d+ bytes within 200 ms.*");
        assertThat(failure.isPermanent()).isFalse();
        await().untilAsserted(() -> assertThat(directory).isEmptyDirectory());
    }

    @Test
    void acceptsADownloadThatIsFastEnoughForAsLongAsItTakes() {
        RawServer steady = server((conversation, request) -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < 60; i++) {
                never.await(10, TimeUnit.MILLISECONDS);
                conversation.write("x".repeat(1000));
            }
        });
        HttpTimings quick = QUICK.withLookup(this::lookUp).withSlowestDownload(Duration.ofMillis(100), 500);

        assertThat(get(download(gateway(settings(), quick), "steady.test", steady, "v"))
                        .size())
                .isEqualTo(60_000);
    }
}
