/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.GenerationTask;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.AvailablePortFinder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook of a service that does not sign its requests: only a path that nobody can guess has an effect. */
class UnsignedWebhookTest {
    private static final String VERIFY_TOKEN = "a long random text";

    private final StudioContext context = new StudioContext();
    private final int port = AvailablePortFinder.getNextAvailable();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        context.close();
    }

    private void start(String path) throws Exception {
        // Only a webhook makes the engine poll before the test is over
        context.component().getConfiguration().setPollInterval(Duration.ofMinutes(10));
        context.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        restConfiguration()
                                .component("undertow")
                                .host("127.0.0.1")
                                .port(port);
                        from("webhook:genvideo:studio/tasks?webhookAutoRegister=true&delay=600000" + path)
                                .to("mock:late");
                    }
                })
                .start();
    }

    private int post(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static String token(String verifyToken) {
        return KeyedHash.webhookPath(verifyToken, "studio");
    }

    /** A task that has ended at the service, which its exchange does not know yet. */
    private String endedTask(CompletableFuture<Exchange> waiting) {
        await().until(() -> context.studio().created() > 0);
        context.studio().finish("studio-task-1");
        assertThat(waiting).isNotDone();
        return "studio-task-1";
    }

    @Test
    void aRequestToThePathResumesTheExchangeThatWaits() throws Exception {
        context.component().setWebhookVerifyToken(VERIFY_TOKEN);
        start("&webhookPath=/hook");
        CompletableFuture<Exchange> waiting = context.sendLater("genvideo:studio/text_to_video", "a lake", Map.of());
        String taskId = endedTask(waiting);

        // Again, because the service may be faster than the journal
        await().until(() -> {
            assertThat(post("/hook/" + token(VERIFY_TOKEN), taskId)).isEqualTo(200);
            return waiting.isDone();
        });

        Exchange done = waiting.get(10, TimeUnit.SECONDS);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(GenerationTask.class).media()).hasSize(1);
        assertThat(done.getMessage().getHeaders()).doesNotContainKey(GenvideoWebhookEndpoint.PATH_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hook", "/hook/", "/hook/0123456789abcdef0123456789abcdef", "/hook/%7BgenvideoToken%7D"})
    void aRequestToAnotherPathIsNotFoundAndHasNoEffect(String path) throws Exception {
        context.component().setWebhookVerifyToken(VERIFY_TOKEN);
        start("&webhookPath=/hook");
        CompletableFuture<Exchange> waiting = context.sendLater("genvideo:studio/text_to_video", "a lake", Map.of());
        String taskId = endedTask(waiting);
        assertThat(post(path, taskId)).isEqualTo(404);

        assertThat(context.studio().polls()).isZero();
        assertThat(waiting).isNotDone();
    }

    @Test
    void thePathOfAnotherVerifyTokenIsNotFound() throws Exception {
        context.component().setWebhookVerifyToken(VERIFY_TOKEN);
        start("&webhookPath=/hook");

        assertThat(post("/hook/" + token("another text"), "studio-task-1")).isEqualTo(404);
    }

    @Test
    void theTokenIsTheOneOfTheDocumentation() {
        // printf %s genvideo:studio/tasks | openssl dgst -sha256 -hmac 'a long random text' | cut -c 1-32 of the digest
        assertThat(token(VERIFY_TOKEN)).isEqualTo("bf433de356c76dbdea37de072d3568ac");
    }

    @Test
    void noUriShowsTheToken() throws Exception {
        context.component().setWebhookVerifyToken(VERIFY_TOKEN);
        start("&webhookPath=/hook");

        assertThat(context.camel().getEndpoints())
                .extracting(Object::toString)
                .noneMatch(uri -> uri.contains(token(VERIFY_TOKEN)))
                .noneMatch(uri -> uri.contains(VERIFY_TOKEN));
        assertThat(context.camel().getRestRegistry().listAllRestServices()).isEmpty();
    }

    @Test
    void withoutAVerifyTokenTheRouteDoesNotStart() {
        Throwable failure = catchThrowable(() -> start("&webhookPath=/hook"));

        assertThat(StudioContext.messages(failure))
                .contains("the webhook of Studio needs the component's option 'webhookVerifyToken'");
    }
}
