/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many exchanges at once, and which of them are the same request. */
@Timeout(60)
class ParallelTest {
    private static final String TEXT = "genvideo:ima/text_to_video";
    private static final String IMAGE = "genvideo:ima/image_to_video?prompt=slowly";

    private final ImaContext ima = new ImaContext();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        ima.close();
    }

    @Test
    void waitsOutliveTheProducersThatToDEvicts() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:many").toD(TEXT + "?param.shot_type=single&timeout=2${header.n}s", 3);
                    }
                })
                .start();

        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            all.add(ima.sendLater("direct:many", "lake " + n + " [[take: 1s]]", Map.of("n", n)));
        }

        for (CompletableFuture<Exchange> one : all) {
            Exchange done = one.get(40, TimeUnit.SECONDS);
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody(GenerationTask.class).status()).isEqualTo(TaskStatus.SUCCEEDED);
        }
        ima.assertCharged(10);
    }

    @Test
    void thePartsOfAFileAreRequestsOfTheirOwn() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("in/wishes.txt"), "a lake\na lake\na lake\n");
        ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "/in")
                        .split(body().tokenize("\n"))
                        .parallelProcessing()
                        .to(TEXT)
                        .to("mock:made");
            }
        });
        NotifyBuilder done = new NotifyBuilder(ima.camel())
                .wereSentTo("mock:made")
                .whenCompleted(3)
                .create();
        ima.start();

        assertThat(done.matches(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ima.camel().getEndpoint("mock:made", MockEndpoint.class).getExchanges())
                .allMatch(e -> Boolean.FALSE.equals(e.getMessage().getHeader(GenvideoConstants.REPLAYED)));
        ima.assertCharged(3);
    }

    @Test
    void theBranchesOfAMulticastAreRequestsOfTheirOwn() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:both").multicast().parallelProcessing().to(TEXT, TEXT + "?model=kling", TEXT);
                    }
                })
                .start();

        Exchange done = ima.send("direct:both", "a lake", Map.of());

        assertThat(done.getException()).isNull();
        ima.assertCharged(3);
    }

    @Test
    void messagesWithOneKeyAreOneRequest() throws Exception {
        ima.start();
        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            all.add(ima.sendLater(
                    TEXT, "a lake [[take: 500ms]]", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1")));
        }

        List<Object> ids = new ArrayList<>();
        for (CompletableFuture<Exchange> one : all) {
            Exchange done = one.get(30, TimeUnit.SECONDS);
            assertThat(done.getException()).isNull();
            ids.add(done.getMessage().getHeader(GenvideoConstants.TASK_ID));
        }

        assertThat(ids).hasSize(8).containsOnly(ima.charges().get(0).taskId());
        Exchange later =
                ima.send(TEXT, "a lake [[take: 500ms]]", Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "request 1"));
        assertThat(later.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(true);
        ima.assertCharged(1);
    }

    @Test
    void aFileThatIsDroppedTwiceCostsOnce() throws Exception {
        FileTime taken = FileTime.fromMillis(1_700_000_000_000L);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("file:" + folder + "/in?move=../done").to(IMAGE).to("mock:made");
                    }
                })
                .start();
        MockEndpoint made = ima.camel().getEndpoint("mock:made", MockEndpoint.class);
        for (int time = 1; time <= 2; time++) {
            int sofar = time;
            Path picture = ImaContext.picture(folder.resolve("lake.png"), 1);
            Files.setLastModifiedTime(picture, taken);
            Files.createDirectories(folder.resolve("in"));
            Files.move(picture, folder.resolve("in/lake.png"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> made.getReceivedCounter() == sofar && !Files.exists(folder.resolve("in/lake.png")));
        }

        assertThat(made.getExchanges())
                .extracting(e -> e.getMessage().getHeader(GenvideoConstants.REPLAYED))
                .containsExactly(false, true);
        ima.assertCharged(1);
    }

    @Test
    void anExchangeMayGoOnThroughSeda() throws Exception {
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to("seda:work");
                        from("seda:work?concurrentConsumers=4").to(TEXT).to("seda:made");
                        from("seda:made").to("mock:made");
                    }
                })
                .start();
        MockEndpoint made = ima.camel().getEndpoint("mock:made", MockEndpoint.class);
        made.expectedMessageCount(5);

        Collections.nCopies(5, "a lake").forEach(text -> ima.generate("direct:in", text));

        MockEndpoint.assertIsSatisfied(ima.camel(), 30, TimeUnit.SECONDS);
        ima.assertCharged(5);
    }

    @Test
    void tasksAboveMaxInFlightWaitUnsent() throws Exception {
        ima.start();
        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            all.add(ima.sendLater(TEXT + "?maxInFlight=2", "lake " + n + " [[take: 300ms]]", Map.of()));
        }
        for (CompletableFuture<Exchange> one : all) {
            assertThat(one.get(30, TimeUnit.SECONDS).getException()).isNull();
        }

        ima.assertCharged(5);
        assertThat(ima.charges().get(4).time())
                .as("the fifth had to wait for two others, one after the other")
                .isAfter(ima.charges().get(0).time().plusMillis(500));
    }
}
