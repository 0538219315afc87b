/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.ResultGoneException;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.WaitReleasedException;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result on disk: where it lies, what it is called, and what happens when it can't be fetched. */
class ResultDownloadTest {
    private static final String TEXT = "genvideo:ima/text_to_video?download=true";

    private static final String PAGE = "<!doctype html><html><body>We will be back soon</body></html>";

    private final ImaContext ima = new ImaContext();
    private final WireMockServer media = new WireMockServer(options().dynamicPort());
    private final List<Path> seen = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        media.stop();
        ima.close();
    }

    private Exchange download(String uri, Map<String, Object> headers) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri).process(ResultDownloadTest.this::readFiles);
                    }
                })
                .start();
        return ima.send("direct:in", "a lake", headers);
    }

    /** While the exchange runs, its files are there. */
    private void readFiles(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        for (Object file : body instanceof List<?> several ? several : List.of(body)) {
            Path path = ((File) file).toPath();
            assertThat(Files.readAllBytes(path)).hasSizeGreaterThan(1000);
            seen.add(path);
        }
    }

    @Test
    void theBodyIsTheFileUnderTheIncomingName() throws Exception {
        Exchange done = download(TEXT, Map.of(Exchange.FILE_NAME, "trip/lake.txt"));

        assertThat(done.getException()).isNull();
        assertThat(seen)
                .singleElement()
                .satisfies(f -> assertThat(f.getFileName()).hasToString("lake.mp4"));
        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("trip/lake.mp4");
        assertThat(done.getProperty(GenvideoConstants.TASK_PROPERTY)).isInstanceOf(GenerationTask.class);
        assertThat(done.getMessage().getBody())
                .isInstanceOfSatisfying(
                        GeneratedFile.class,
                        file -> assertThat(file.getTask().handle())
                                .isEqualTo(ima.charges().get(0).taskId()));
        ima.assertCharged(1);
    }

    @Test
    void withoutANameItIsCalledLikeTheTask() throws Exception {
        Exchange done = download(TEXT, Map.of());

        String taskId = ima.charges().get(0).taskId();
        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo(taskId + ".mp4");
    }

    @Test
    void onlyTheExtensionOfANameWithDotsIsReplaced() throws Exception {
        Exchange done = download(TEXT, Map.of(Exchange.FILE_NAME, "IMG.2026.1.jpg"));

        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("IMG.2026.1.mp4");
    }

    @Test
    void aNameNeverLeavesItsFolder() throws Exception {
        Exchange done = download(TEXT, Map.of(Exchange.FILE_NAME, "..\\..\\a:b\u0007.txt"));

        assertThat(done.getException()).isNull();
        assertThat(seen)
                .singleElement()
                .satisfies(
                        f -> assertThat(f.getParent().getParent().getFileName().toString())
                                .startsWith("camel-genvideo-"));
    }

    @Test
    void severalResultsAreAListOfFiles() throws Exception {
        Exchange done = download(TEXT + "&count=2", Map.of(Exchange.FILE_NAME, "lake.txt"));

        assertThat(done.getException()).isNull();
        assertThat(seen).extracting(f -> f.getFileName().toString()).containsExactly("lake-1.mp4", "lake-2.mp4");
        assertThat(done.getMessage().getHeader(GenvideoConstants.MEDIA_COUNT)).isEqualTo(2);
        ima.assertCharged(1);
    }

    @Test
    void aFileRouteWritesItOut() throws Exception {
        ImaContext.picture(folder.resolve("in/lake.png"), 1);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "/in?move=../done")
                        .to("genvideo:ima/image_to_video?prompt=slowly&download=true")
                        .to("seda:write");
                from("seda:write").to("file:" + folder + "/out");
            }
        });
        NotifyBuilder done = new NotifyBuilder(ima.camel()).whenCompleted(2).create();
        ima.start();

        assertThat(done.matches(20, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("out/lake.mp4")).isNotEmptyFile();
    }

    @Test
    void anAddressThatHasExpiredIsAskedForAfresh() throws Exception {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "media", Fault.status(403)).times(1));

        Exchange done = download(TEXT, Map.of());

        assertThat(done.getException()).isNull();
        assertThat(seen).hasSize(1);
        ima.assertCharged(1);
    }

    @Test
    void aResultThatIsGoneIsSaidToBePaid() throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.status(404)));

        Exchange done = download(TEXT, Map.of());

        assertThat(done.getException()).isInstanceOfSatisfying(ResultGoneException.class, e -> {
            assertThat(e.getPaid()).isEqualTo(Paid.YES);
            assertThat(e.getHandle()).isEqualTo(ima.charges().get(0).taskId());
            assertThat(e.getHttpResponseCode()).isEqualTo(410);
        });
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429})
    void oneFailureOfTheMediaServerDoesNotFailAWaitingExchange(int status) throws Exception {
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "media", Fault.status(status)).times(1));

        Exchange done = download(TEXT, Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(false);
        assertThat(seen).hasSize(1);
        ima.assertCharged(1);
    }

    private void mediaServerSends(int times, ResponseDefinitionBuilder response) {
        media.start();
        media.stubFor(any(anyUrl()).willReturn(response));
        ImaContext.sandbox()
                .faults()
                .add(FaultRule.on("ima", "media", new Fault.Redirect(302, media.baseUrl() + "/page"))
                        .times(times));
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGE, ""})
    void aPageInsteadOfTheVideoIsAFailedDownload(String body) throws Exception {
        mediaServerSends(1, ok(body).withHeader("Content-Type", "video/mp4"));

        Exchange done = download(TEXT + "&allowPrivateUrls=true", Map.of());

        assertThat(done.getException()).isNull();
        assertThat(seen).hasSize(1);
        ima.assertCharged(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGE, ""})
    void whatStaysAPageIsATypedErrorWithTheTask(String body) throws Exception {
        mediaServerSends(1000, ok(body).withHeader("Content-Type", "text/html"));

        Exchange done = download(TEXT + "&allowPrivateUrls=true&timeout=1s", Map.of());

        assertThat(done.getException()).isInstanceOfSatisfying(ServiceUnavailableException.class, e -> {
            assertThat(e.getPaid()).isEqualTo(Paid.YES);
            assertThat(e.isRetryable()).isTrue();
            assertThat(e.getHandle()).isEqualTo(ima.charges().get(0).taskId());
            assertThat(e).hasMessageContaining(body.isEmpty() ? "empty" : "text, not a video");
        });
        assertThat(seen).isEmpty();
        ima.assertCharged(1);
    }

    @Test
    void whatIsTooLargeIsFinalAndNotDownloadedAgain() throws Exception {
        mediaServerSends(1000, ok("x".repeat(2000)));

        Exchange done = download(TEXT + "&allowPrivateUrls=true&maxDownloadSize=100", Map.of());

        assertThat(done.getException()).isInstanceOfSatisfying(ResultGoneException.class, e -> {
            assertThat(e.getPaid()).isEqualTo(Paid.YES);
            assertThat(e.isRetryable()).isFalse();
            assertThat(e.getRecordId()).isNotNull();
            assertThat(e).hasMessageContaining("maxDownloadSize");
        });
        media.verify(1, anyRequestedFor(anyUrl()));
        assertThat(seen).isEmpty();
        ima.assertCharged(1);
    }

    @Test
    void aStopReleasesAnExchangeThatWaitsForARepetition() throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.status(503)));
        ima.start();
        CompletableFuture<Exchange> waiting = ima.sendLater(TEXT, "a lake", Map.of());
        await().until(() -> ImaContext.sandbox().ledger().injected().size() > 2);

        ima.camel().stop();

        assertThat(waiting.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(WaitReleasedException.class);
    }

    @Test
    void anAddressThatIsNotPublicIsRefusedUnlessAllowed() throws Exception {
        WireMockServer front = new WireMockServer(options().dynamicPort());
        front.stubFor(any(anyUrl())
                .willReturn(aResponse().proxiedFrom(ImaContext.sandbox().uri().toString())));
        front.start();
        try {
            // The service is the front, so that the sandbox behind it, where the results lie, is a stranger
            String behind = TEXT + "&baseUrl=" + front.baseUrl() + "/ima&uploadUrl=" + front.baseUrl() + "/ima-upload";
            Exchange refused = download(behind, Map.of());
            assertThat(refused.getException())
                    .isInstanceOfSatisfying(
                            GenvideoException.class,
                            e -> assertThat(e.getPaid()).isEqualTo(Paid.YES));
            assertThat(seen).isEmpty();

            Exchange allowed = ima.send(behind + "&allowPrivateUrls=true", "a lake", Map.of());
            assertThat(allowed.getException()).isNull();
            assertThat(allowed.getMessage().getHeader(GenvideoConstants.URL, String.class))
                    .startsWith(ImaContext.sandbox().uri().toString());
        } finally {
            front.stop();
        }
    }
}
