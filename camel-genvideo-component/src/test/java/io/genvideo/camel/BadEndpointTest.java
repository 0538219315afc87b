/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A route that cannot work does not start, and the message names the reason. */
class BadEndpointTest {
    private final ImaContext ima = new ImaContext();

    @AfterEach
    void stop() {
        ima.close();
    }

    static Stream<Arguments> endpoints() {
        return Stream.of(
                row(
                        "genvideo:ima",
                        "genvideo:ima does not name a provider and an operation: genvideo:provider/operation"),
                row("genvideo:/text_to_video", "does not name a provider and an operation"),
                row("genvideo:ima/", "does not name a provider and an operation"),
                row("genvideo:ima/text_to_video/fast", "does not name a provider and an operation"),
                row("genvideo:sora/text_to_video", "No provider 'sora'. There are: ima"),
                row(
                        "genvideo:ima/text_to_movie",
                        "IMA Studio has no operation 'text_to_movie'. It has: text_to_video, image_to_video,"
                                + " first_last_frame_to_video, reference_image_to_video, upload, task, result, models, describe, resolve, tasks"),
                row(
                        "genvideo:ima/video_to_video",
                        "IMA Studio has no operation 'video_to_video'. It has: text_to_video"),
                row(
                        "genvideo:ima/credits",
                        "no operation 'credits': IMA Studio has no balance call; a person sees the balance at"),
                row("genvideo:ima/cancel", "no operation 'cancel': A task at IMA Studio cannot be cancelled"),
                row(
                        "genvideo:ima/tasks",
                        "genvideo:ima/tasks can't be sent to, it is consumed from; the operations 'task' and"
                                + " 'result' return one task"),
                row(
                        "genvideo:ima/task?statuses=SUCCEEDED,RUNNING",
                        "option 'statuses' is SUCCEEDED,RUNNING, it must be one or more of SUCCEEDED, FAILED, CANCELLED,"
                                + " UNCERTAIN"),
                row("genvideo:ima/task?statuses=", "option 'statuses' is , it must be one or more of"),
                row("genvideo:ima/task?maxDeliveries=0", "option 'maxDeliveries' is 0, it must be at least 1"),
                row("genvideo:ima/text_to_video?account=team", "No account 'team'. There are: ima, other"),
                row("genvideo:ima/text_to_video?account=other", "Account 'other' belongs to provider wiro, not to ima"),
                row("genvideo:ima/text_to_video?resolutoin=720p", "Unknown parameters", "resolutoin"),
                row("genvideo:ima/text_to_video?timeout=soon", "timeout", "soon"),
                row("genvideo:ima/text_to_video?timeout=0", "option 'timeout' is 0 ms, it must be longer than 0"),
                row(
                        "genvideo:ima/text_to_video?pollInterval=-1",
                        "option 'pollInterval' is -1 ms, it must be 0 or longer"),
                row(
                        "genvideo:ima/text_to_video?requestTimeout=0",
                        "option 'requestTimeout' is 0 ms, it must be longer than 0"),
                row(
                        "genvideo:ima/text_to_video?cancelOnTimeout=true",
                        "cancelOnTimeout=true, but IMA Studio cannot cancel tasks"),
                row("genvideo:ima/text_to_video?cancelOnStop=true", "cancelOnStop=true, but IMA Studio"),
                row(
                        "genvideo:ima/text_to_video?callbackUrl=https://hooks.example.com/x",
                        "callbackUrl is set, but IMA Studio calls no address that a request names"),
                row(
                        "genvideo:wiro/text_to_video?callbackUrl=ftp:x&apiKey=k",
                        "callbackUrl is not an http or https URL"),
                row(
                        "genvideo:wiro/text_to_video?model=wan&apiKey=k",
                        "model=wan is no model of Wiro's; allowed: owner/project"),
                row("genvideo:wiro/credits?apiKey=k", "Wiro documents no call for the balance"),
                row("genvideo:wiro/task?socketUrl=https://x&apiKey=k", "socketUrl is not a ws or wss address"),
                row("genvideo:ima/text_to_video?maxInFlight=0", "option 'maxInFlight' is 0, it must be at least 1"),
                row("genvideo:ima/text_to_video?retryFailed=-1", "option 'retryFailed' is -1, it must be 0 or more"),
                row(
                        "genvideo:ima/text_to_video?requestsPerSecond=-2",
                        "option 'requestsPerSecond' is -2.0, it must be 0 (no limit) or more"),
                row(
                        "genvideo:ima/text_to_video?maxDownloadSize=0",
                        "option 'maxDownloadSize' is 0, it must be at least 1"),
                row("genvideo:ima/text_to_video?count=0", "option 'count' is 0, it must be at least 1"),
                row("genvideo:ima/text_to_video?count=two", "count", "two"),
                row("genvideo:ima/text_to_video?duration=-5", "option 'duration' is -5.0, it must be more than 0"),
                row("genvideo:ima/text_to_video?language=de", "option 'language' is de, it must be one of en, zh"),
                row("genvideo:ima/text_to_video?idempotency=never", "idempotency", "never"));
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aRouteDoesNotStart(String uri, List<String> messages) throws Exception {
        GenvideoAccount other = new GenvideoAccount();
        other.setProvider("wiro");
        ima.component().getAccounts().put("other", other);
        ima.start();

        Throwable failure = catchThrowable(() -> ima.routes(routeTo(uri)));

        assertThat(messages(failure)).contains(messages);
        ima.assertCharged(0);
    }

    @Test
    void aMissingKeyIsToldWithAllWaysToGiveIt() {
        ima.component().getAccounts().clear();
        ima.start();

        assertThatThrownBy(() -> ima.routes(routeTo("genvideo:ima/text_to_video")))
                .rootCause()
                .hasMessageContaining("IMA Studio needs the credential 'apiKey'")
                .hasMessageContaining("set the environment variable IMA_API_KEY")
                .hasMessageContaining("or accounts[ima].apiKey on the component")
                .hasMessageContaining("Get an API key (it starts with ima_) at http");
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                row(
                        "genvideo:ima/text_to_video",
                        "genvideo:ima/text_to_video can't be consumed from. What can be consumed: tasks"),
                row("genvideo:ima/result", "genvideo:ima/result can't be consumed from. What can be consumed: tasks"),
                row("genvideo:ima/credits", "subscription. It has: text_to_video"),
                row("genvideo:sora/tasks", "No provider 'sora'. There are: ima"),
                row("genvideo:ima/tasks?account=team", "No account 'team'. There are: ima"),
                row(
                        "genvideo:ima/tasks?statuses=DONE",
                        "option 'statuses' is DONE, it must be one or more of SUCCEEDED"),
                row("genvideo:ima/tasks?maxDeliveries=0", "option 'maxDeliveries' is 0, it must be at least 1"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aRouteFromItDoesNotStart(String uri, List<String> messages) {
        ima.start();

        Throwable failure = catchThrowable(() -> ima.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("log:x");
            }
        }));

        assertThat(messages(failure)).contains(messages);
    }

    @Test
    void nobodyFetchesOnDemandWhatCanNotBeConsumed() throws Exception {
        ima.start();
        try (ConsumerTemplate template = ima.camel().createConsumerTemplate()) {
            assertThat(messages(catchThrowable(() -> template.receiveNoWait("genvideo:ima/text_to_video"))))
                    .contains("genvideo:ima/text_to_video can't be consumed from");
        }
    }

    @Test
    void aKeyIsKeptAtLeastAsLongAsItsResult() {
        ima.component().setRetention(Duration.ofDays(2));
        ima.component().setKeyRetention(Duration.ofDays(1));
        assertThatThrownBy(ima::start)
                .rootCause()
                .hasMessageContaining(
                        "option 'keyRetention' is 86400000 ms, it must be at least as long as 'retention',"
                                + " which is 172800000 ms");
    }

    @Test
    void nothingIsKeptForNoTime() {
        ima.component().setRetention(Duration.ZERO);
        assertThatThrownBy(ima::start)
                .rootCause()
                .hasMessageContaining("option 'retention' is 0 ms, it must be longer than 0");
    }

    @Test
    void aPoolThatLosesWorkIsRefused() {
        ThreadPoolExecutor losing = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.DiscardPolicy());
        ima.component().setWorkerPool(losing);
        try {
            assertThatThrownBy(ima::start)
                    .rootCause()
                    .hasMessageContaining("option 'workerPool' is a pool that silently discards");
        } finally {
            losing.shutdownNow();
        }
    }

    private static RouteBuilder routeTo(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:start").to(uri);
            }
        };
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .collect(Collectors.joining("\n"));
    }

    private static Arguments row(String uri, String... messages) {
        return arguments(uri, Arrays.asList(messages));
    }
}
