/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.model.AuthenticationException;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Paid;
import io.genvideo.model.ResultGoneException;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.spi.TaskRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The file of a late result: under the name of what it was made from, and whole or not at all. */
class LateDownloadTest {
    private final ImaContext ima = new ImaContext();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(InstantSource.system());

    @TempDir
    Path folder;

    @BeforeEach
    void addSubmittingRoute() throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:submit").to("genvideo:ima/text_to_video?waitForResult=false");
            }
        });
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    private void consume(String options) throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(GenvideoException.class).handled(true).to("mock:handled");
                        from("genvideo:ima/tasks?download=true&initialDelay=0&delay=50&bridgeErrorHandler=true"
                                        + options)
                                .to("file:" + folder + "?tempPrefix=.writing-")
                                .to("mock:late");
                    }
                })
                .start();
    }

    private MockEndpoint mock(String name) {
        return ima.camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    private String submit(Map<String, Object> headers) {
        Exchange accepted = ima.send("direct:submit", "a lake", headers);
        assertThat(accepted.getException()).isNull();
        return accepted.getMessage().getHeader(GenvideoConstants.RECORD_ID, String.class);
    }

    private void awaitDelivery(String recordId, DeliveryState state) {
        await().untilAsserted(() ->
                assertThat(journal.find(recordId).map(TaskRecord::delivery)).contains(state));
    }

    @Test
    void theFileHasTheNameOfItsInput() throws Exception {
        consume("");
        mock("late").expectedMessageCount(1);

        String recordId = submit(Map.of(Exchange.FILE_NAME, "trip/photo.jpg"));

        mock("late").assertIsSatisfied();
        assertThat(folder.resolve("trip/photo.mp4")).isNotEmptyFile();
        Exchange got = mock("late").getExchanges().get(0);
        assertThat(got.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("trip/photo.mp4");
        assertThat(got.getProperty(GenvideoConstants.TASK_PROPERTY)).isNotNull();
        awaitDelivery(recordId, DeliveryState.DELIVERED);
        ima.assertCharged(1);
    }

    @Test
    void aFileWithoutANameIsNamedByItsTask() throws Exception {
        consume("");
        mock("late").expectedMessageCount(1);

        submit(Map.of(GenvideoConstants.REFERENCE, Map.of("invoice", 7)));

        mock("late").assertIsSatisfied();
        assertThat(folder.resolve(ima.charges().get(0).taskId() + ".mp4")).isNotEmptyFile();
    }

    static Stream<Arguments> references() {
        return Stream.of(
                arguments("photo.jpg", "photo.jpg"),
                arguments("sub/photo.jpg", "sub/photo.jpg"),
                arguments("/etc/passwd", "etc/passwd"),
                arguments("../../photo.jpg", "photo.jpg"),
                arguments("a/../../b/./photo.jpg", "a/b/photo.jpg"),
                arguments("..\\..\\a:b\u0007.txt", "a_b_.txt"),
                arguments("C:\\pictures\\photo.jpg", "C_/pictures/photo.jpg"),
                arguments("..", null),
                arguments(" / ", null),
                arguments("", null),
                arguments(Map.of("invoice", 7), null),
                arguments(null, null));
    }

    @ParameterizedTest
    @MethodSource("references")
    void aNameNeverLeavesTheFolder(Object reference, String name) {
        assertThat(UndeliveredResults.fileName(reference)).isEqualTo(name);
    }

    @Test
    void aFailedDownloadReachesOnExceptionAndIsRepeated() throws Exception {
        ImaContext.sandbox()
                .faults()
                // The second time at the address that the service has renewed
                .add(FaultRule.on("ima", "media", Fault.status(500)).times(2));
        consume("");
        mock("handled").expectedMessageCount(1);
        mock("late").expectedMessageCount(1);

        String recordId = submit(Map.of(Exchange.FILE_NAME, "photo.jpg"));

        mock("handled").assertIsSatisfied();
        Exchange handled = mock("handled").getExchanges().get(0);
        assertThat(handled.getProperty(Exchange.EXCEPTION_CAUGHT)).isInstanceOf(ServiceUnavailableException.class);
        assertThat(handled.getMessage().getHeader(GenvideoConstants.RECORD_ID)).isEqualTo(recordId);
        assertThat(handled.getMessage().getBody(String.class)).contains("could not be fetched", recordId);
        mock("late").assertIsSatisfied();
        assertThat(folder.resolve("photo.mp4")).isNotEmptyFile();
        awaitDelivery(recordId, DeliveryState.DELIVERED);
        assertThat(journal.find(recordId).map(TaskRecord::deliveries))
                .as("what was only away does not count")
                .contains(1);
        ima.assertCharged(1);
    }

    @Test
    void aResultThatIsGoneReachesOnExceptionAndIsParked() throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.status(404)));
        consume("&maxDeliveries=1");
        mock("handled").expectedMessageCount(1);
        mock("late").expectedMessageCount(0);

        String recordId = submit(Map.of());

        mock("handled").assertIsSatisfied();
        assertThat(mock("handled").getExchanges().get(0).getProperty(Exchange.EXCEPTION_CAUGHT))
                .isInstanceOfSatisfying(
                        ResultGoneException.class, e -> assertThat(e.getPaid()).isEqualTo(Paid.YES));
        awaitDelivery(recordId, DeliveryState.PARKED);
        mock("late").assertIsSatisfied();
    }

    @Test
    void aWorkingAddressIsFetchedWithoutCredentials() throws Exception {
        ima.start();
        String recordId = submit(Map.of(Exchange.FILE_NAME, "photo.jpg"));
        await().until(() ->
                journal.find(recordId).filter(r -> r.status().isTerminal()).isPresent());
        try (ImaContext collector = new ImaContext()) {
            collector.component().getAccounts().clear();
            collector.camel().getRegistry().bind("journal", journal);
            collector
                    .routes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("genvideo:ima/tasks?download=true&allowPrivateUrls=true&initialDelay=0&delay=50")
                                    .to("file:" + folder);
                        }
                    })
                    .start();
            awaitDelivery(recordId, DeliveryState.DELIVERED);
        }
        assertThat(folder.resolve("photo.mp4")).isNotEmptyFile();
    }

    @Test
    void anExpiredAddressNeedsTheCredentialsOfTheAccount() throws Exception {
        ima.start();
        String recordId = submit(Map.of(Exchange.FILE_NAME, "photo.jpg"));
        await().until(() ->
                journal.find(recordId).filter(r -> r.status().isTerminal()).isPresent());
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.status(403)));
        try (ImaContext collector = new ImaContext()) {
            collector.component().getAccounts().clear();
            collector.camel().getRegistry().bind("journal", journal);
            collector
                    .routes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:fetch")
                                    .pollEnrich("genvideo:ima/tasks?download=true&allowPrivateUrls=true", 0);
                        }
                    })
                    .start();

            Exchange failed = collector.send("direct:fetch", null, Map.of());

            assertThat(failed.getException())
                    .rootCause()
                    .isInstanceOfSatisfying(
                            AuthenticationException.class,
                            e -> assertThat(e.getPaid()).isEqualTo(Paid.YES))
                    .hasMessageContaining("IMA Studio needs the credential 'apiKey'");
            awaitDelivery(recordId, DeliveryState.AVAILABLE);
        }
    }

    @Test
    void aStopDoesNotWaitForASlowDownload() throws Exception {
        ImaContext.sandbox().faults().add(FaultRule.on("ima", "media", Fault.stall(Duration.ofSeconds(20))));
        consume("");
        mock("late").expectedMessageCount(0);
        String recordId = submit(Map.of());
        await().until(() -> ImaContext.sandbox().ledger().injected().stream()
                .anyMatch(i -> i.kind().equals("STALL") && i.route().equals("media")));

        long begun = System.nanoTime();
        ima.camel().stop();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertThat(journal.find(recordId).map(TaskRecord::delivery)).contains(DeliveryState.AVAILABLE);
        assertThat(journal.find(recordId).map(TaskRecord::deliveries)).contains(0);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
