/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.StreamCache;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code uploadVia}: a route uploads the media, each once, and nothing is paid unless it returns public URLs. */
class UploadViaTest {
    private static final String PICTURE_URL = "https://cdn.example.com/picture.png";
    private static final Map<String, Object> PROMPT = Map.of(GenvideoConstants.PROMPT, "slowly");

    /** What an upload route has received. */
    private record Received(
            byte[] content, Map<String, Object> headers, boolean isStream, boolean isInMemory, String thread) {}

    private final ImaContext ima = new ImaContext();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        ima.close();
    }

    private void start(String uploadVia, Processor upload) throws Exception {
        start(uploadVia, "", upload);
    }

    private void start(String uploadVia, String options, Processor upload) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uploadVia).errorHandler(noErrorHandler()).process(upload);
                        from("direct:in").to("genvideo:ima/image_to_video?uploadVia=" + uploadVia + options);
                        from("direct:frames")
                                .to("genvideo:ima/first_last_frame_to_video?uploadVia=" + uploadVia + options);
                        from("direct:only").to("genvideo:ima/upload?uploadVia=" + uploadVia + options);
                    }
                })
                .start();
    }

    private void receive(Exchange exchange) throws IOException {
        Message in = exchange.getMessage();
        Object body = in.getBody();
        try (InputStream stream = in.getBody(InputStream.class)) {
            received.add(new Received(
                    stream.readAllBytes(),
                    Map.copyOf(in.getHeaders()),
                    body instanceof InputStream,
                    body instanceof StreamCache cache && cache.inMemory(),
                    Thread.currentThread().getName()));
        }
        in.setBody("  " + PICTURE_URL + "\n");
    }

    private GenvideoException failure(Exchange done) {
        assertThat(done.getException()).isInstanceOf(GenvideoException.class);
        return (GenvideoException) done.getException();
    }

    private Exchange generate() {
        return ima.send("direct:in", ImaContext.picture(1), PROMPT);
    }

    /** Uploads that the service itself has received. */
    private static long uploadsOfTheService() {
        return ImaContext.sandbox().ledger().requests().getOrDefault("ima/upload-put", 0L);
    }

    private boolean isOpen(Path file) throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return false;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            for (Path each : open.toList()) {
                if (Files.isSymbolicLink(each) && Files.exists(each) && Files.isSameFile(each, file)) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:up", "seda:up"})
    void routeReceivesAFileAsAStreamOnce(String uploadVia) throws Exception {
        long before = uploadsOfTheService();
        Path picture = ImaContext.picture(folder.resolve("m\u00fcnchen 1.jpg"), 1);
        start(uploadVia, this::receive);

        Exchange done = ima.send("direct:in", picture.toFile(), PROMPT);

        assertThat(done.getException()).isNull();
        assertThat(received).singleElement().satisfies(upload -> {
            assertThat(upload.content()).isEqualTo(Files.readAllBytes(picture));
            assertThat(upload.isStream()).isTrue();
            assertThat(upload.isInMemory()).isFalse();
            assertThat(upload.headers())
                    .containsEntry(Exchange.FILE_NAME, "m\u00fcnchen 1.jpg.png")
                    .containsEntry(Exchange.FILE_LENGTH, Files.size(picture))
                    .containsEntry("Content-Length", Files.size(picture))
                    .containsEntry(Exchange.CONTENT_TYPE, "image/png")
                    .hasSize(4);
        });
        assertThat(uploadsOfTheService()).isEqualTo(before);
        assertThat(isOpen(picture)).isFalse();
        ima.assertCharged(1);
    }

    @Test
    void uploadsRunOnThreadsOfTheirOwn() throws Exception {
        start("direct:up", this::receive);

        generate();

        assertThat(received)
                .singleElement()
                .satisfies(u -> assertThat(u.thread()).contains("GenvideoUpload"));
    }

    @Test
    void everyMediumIsUploadedInItsOrder() throws Exception {
        AtomicInteger number = new AtomicInteger();
        start("direct:up", e -> {
            byte[] content = e.getMessage().getBody(byte[].class);
            e.getMessage().setBody("https://cdn.example.com/" + number.incrementAndGet() + "-" + content.length);
        });

        Exchange done =
                ima.send("direct:frames", List.of(ImaContext.picture(1), "https://cdn.example.com/last.png"), PROMPT);

        assertThat(done.getException()).isNull();
        assertThat(number).hasValue(1);
        ima.assertCharged(1);
    }

    @Test
    void theOperationUploadUsesTheRouteToo() throws Exception {
        start("direct:up", this::receive);

        Exchange done = ima.send("direct:only", ImaContext.picture(1), Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(PICTURE_URL);
        ima.assertCharged(0);
    }

    @Test
    void aRedeliveryInsideTheRouteReadsTheStreamFromItsBeginning() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:up")
                                .errorHandler(defaultErrorHandler()
                                        .maximumRedeliveries(2)
                                        .redeliveryDelay(1))
                                .process(e -> {
                                    if (attempts.incrementAndGet() == 1) {
                                        e.getMessage()
                                                .getBody(InputStream.class)
                                                .readNBytes(10);
                                        throw new IOException("the store is busy");
                                    }
                                    receive(e);
                                });
                        from("direct:in").to("genvideo:ima/image_to_video?uploadVia=direct:up");
                    }
                })
                .start();

        assertThat(generate().getException()).isNull();

        assertThat(attempts).hasValue(2);
        assertThat(received)
                .singleElement()
                .satisfies(u -> assertThat(u.content()).isEqualTo(ImaContext.picture(1)));
    }

    @Test
    void theBodyConvertsToAFileUntilTheUploadEnds() throws Exception {
        Path picture = ImaContext.picture(folder.resolve("a.png"), 1);
        Queue<File> files = new ConcurrentLinkedQueue<>();
        start("direct:up", e -> {
            File file = e.getMessage().getBody(File.class);
            assertThat(file).hasBinaryContent(ImaContext.picture(1));
            files.add(file);
            e.getMessage().setBody(PICTURE_URL);
        });

        assertThat(ima.send("direct:in", picture.toFile(), PROMPT).getException())
                .isNull();
        assertThat(generate().getException()).isNull();

        assertThat(files).hasSize(2);
        assertThat(files.remove()).isEqualTo(picture.toFile()).exists();
        assertThat(files.remove()).as("the copy of bytes in memory").doesNotExist();
    }

    static Stream<Object> responses() {
        return Stream.of(
                PICTURE_URL,
                PICTURE_URL.getBytes(StandardCharsets.UTF_8),
                new ByteArrayInputStream(PICTURE_URL.getBytes(StandardCharsets.UTF_8)),
                URI.create(PICTURE_URL));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void theResponseIsTheUrl(Object response) throws Exception {
        start("direct:up", e -> e.getMessage().setBody(response));

        assertThat(generate().getException()).isNull();
        ima.assertCharged(1);
    }

    static Stream<Object[]> refused() {
        return Stream.of(
                new Object[] {null, "returned no URL"},
                new Object[] {"done", "returned no public URL: the address is relative"},
                new Object[] {"ftp://h.example.com/a.png", "only http and https addresses are allowed, not ftp"},
                new Object[] {"https://h.example.com/" + "a".repeat(9000), "longer than 8192 characters"},
                new Object[] {"https://user:s3cret@h.example.com/a.png", "user information is not allowed"},
                new Object[] {"http://localhost:9000/a.png", "host localhost), where the service cannot fetch it"},
                new Object[] {"http://10.0.0.1/a.png?Signature=s3cret", "host 10.0.0.1), where the service cannot"},
                new Object[] {Map.of("url", PICTURE_URL), "it must be the public URL of the medium"});
    }

    @ParameterizedTest
    @MethodSource("refused")
    void anyOtherResponseIsRefusedUnpaid(Object response, String message) throws Exception {
        start("direct:up", e -> e.getMessage().setBody(response));

        GenvideoException failure = failure(generate());

        assertThat(failure).hasMessageContaining("uploadVia=direct:up returned").hasMessageContaining(message);
        assertThat(failure.getMessage()).doesNotContain("s3cret").hasSizeLessThan(500);
        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        ima.assertCharged(0);
    }

    @Test
    void aRouteThatReturnsTheMediumIsRefused() throws Exception {
        start("direct:up", e -> {});

        assertThat(failure(generate())).hasMessageContaining("uploadVia=direct:up returned no URL");
        ima.assertCharged(0);
    }

    @Test
    void aPrivateUrlIsUsedIfItIsAllowed() throws Exception {
        start("direct:up", "&allowPrivateUrls=true", e -> e.getMessage().setBody("http://10.0.0.1/a.png"));

        Exchange done = ima.send("direct:only", ImaContext.picture(1), Map.of());

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo("http://10.0.0.1/a.png");
    }

    @Test
    void aFailureOfTheRouteIsTypedUnpaidAndNotRepeated() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Path picture = ImaContext.picture(folder.resolve("a.png"), 1);
        start("direct:up", e -> {
            attempts.incrementAndGet();
            e.getMessage().getBody(InputStream.class).read();
            throw new IOException("PUT https://store.example.com/a.png?Signature=s3cret failed: 503");
        });

        GenvideoException failure = failure(ima.send("direct:in", picture.toFile(), PROMPT));

        assertThat(failure)
                .hasMessageContaining(
                        "the upload through direct:up failed: IOException: PUT" + " https://store.example.com/a.png?")
                .hasNoCause();
        assertThat(failure.getMessage()).doesNotContain("s3cret");
        assertThat(failure.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        assertThat(attempts).hasValue(1);
        assertThat(isOpen(picture)).isFalse();
        ima.assertCharged(0);
    }

    @Test
    void aFailureOfTheRouteDelaysNoOtherTaskOfTheAccount() throws Exception {
        start("direct:up", e -> {
            throw new IOException("the store is away");
        });
        failure(generate());

        assertThat(ima.send("genvideo:ima/text_to_video", "a lake", Map.of()).getException())
                .isNull();
        ima.assertCharged(1);
    }

    @Test
    void aMissingRouteIsNamed() throws Exception {
        ima.start();

        Exchange done = ima.send(
                "genvideo:ima/image_to_video?uploadVia=RAW(direct:nowhere?block=false)", ImaContext.picture(1), PROMPT);

        assertThat(failure(done)).hasMessageContaining("the upload through direct:nowhere failed:");
        ima.assertCharged(0);
    }

    @Test
    void anUploadEndsWithTheTimeOfItsRequest() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        CompletableFuture<Throwable> readAfterTheEnd = new CompletableFuture<>();
        Path picture = ImaContext.picture(folder.resolve("a.png"), 1);
        start("direct:up", "&timeout=300ms", e -> {
            InputStream stream = e.getMessage().getBody(InputStream.class);
            stream.read();
            free.await(20, TimeUnit.SECONDS);
            readAfterTheEnd.complete(catchThrowable(stream::read));
        });

        long begun = System.nanoTime();
        GenvideoException failure = failure(ima.send("direct:in", picture.toFile(), PROMPT));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(failure.getPaid()).isEqualTo(Paid.NO);
        await().untilAsserted(() -> assertThat(isOpen(picture)).isFalse());
        free.countDown();
        assertThat(readAfterTheEnd.get(10, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .hasMessage("the upload has ended");
        ima.assertCharged(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:outbox", "https://store.example.com", "up"})
    void onlyRoutesOfTheContextAreAllowed(String uploadVia) {
        ima.start();

        Throwable failure = catchThrowable(() -> ima.camel()
                .createProducerTemplate()
                .requestBody("genvideo:ima/image_to_video?uploadVia=RAW(" + uploadVia + ")", "x"));

        assertThat(failure instanceof CamelExecutionException ? failure.getCause() : failure)
                .hasStackTraceContaining("Option uploadVia is '" + uploadVia
                        + "', it must begin with direct: or seda: and name a route");
    }
}
