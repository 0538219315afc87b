/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genvideo.model.Credits;
import io.genvideo.model.GenerationFailedException;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.InsufficientCreditsException;
import io.genvideo.model.MediaKind;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same YAML routes do the same at every service: a route changes the service by one word of its URI. */
class EveryServiceTest {
    /** A service at the sandbox, with the properties of its routes. */
    enum Service {
        IMA("wan2.6-t2v", "wan2.6-i2v", "", false, Sandbox::imaUri),
        SKILLSVIDEO("google/veo-3.1", "google/veo-3.1", "", true, Sandbox::skillsvideoUri),
        MEDIAIO("Wan 2.6", "Wan 2.6", "direct:upload", true, Sandbox::mediaioUri),
        WIRO("alibaba/wan 2.6", "alibaba/wan 2.6", "", false, Sandbox::wiroUri),
        NEMO("nemo_agent", "nemo_agent", "", true, Sandbox::nemoUri);

        private final String textModel;
        private final String imageModel;
        private final String uploadVia;
        private final boolean reportsCredits;
        private final Function<Sandbox, URI> address;

        Service(
                String textModel,
                String imageModel,
                String uploadVia,
                boolean reportsCredits,
                Function<Sandbox, URI> address) {
            this.textModel = textModel;
            this.imageModel = imageModel;
            this.uploadVia = uploadVia;
            this.reportsCredits = reportsCredits;
            this.address = address;
        }

        /** An account of the service at a sandbox. */
        GenvideoAccount account(Sandbox at, String key) {
            GenvideoAccount account = new GenvideoAccount();
            account.setApiKey(apiKey(key));
            account.setBaseUrl(address.apply(at).toString());
            if (this == IMA) {
                account.setUploadUrl(at.imaUploadUri().toString());
            }
            if (this == WIRO) {
                account.setSocketUrl(at.wiroSocketUri().toString());
                account.setSecretKey("wiro_secret");
            }
            if (this == NEMO) {
                account.setSettings(Map.of("settleSeconds", "0.05"));
            }
            return account;
        }

        /** A key in the form of the service. */
        String apiKey(String key) {
            return this == NEMO ? "nmv_usr_" + key : key;
        }

        String provider() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Sandbox sandbox;

    @TempDir
    Path folder;

    private final String key = "ima_" + UUID.randomUUID();
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofMillis(50))
                .rendering(Rendering.SAMPLE)
                .build());
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void start(Service service) throws Exception {
        GenvideoComponent component = new GenvideoComponent(camel);
        component.getAccounts().put(service.provider(), service.account(sandbox, key));
        component.getConfiguration().setPollInterval(Duration.ofMillis(20));
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        Map<String, String> properties = Map.of(
                "service", service.provider(),
                "text.model", service.textModel,
                "image.model", service.imageModel,
                "upload.via", service.uploadVia,
                "folder", folder.toString());
        properties.forEach((name, value) -> camel.getPropertiesComponent().addInitialProperty(name, value));
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(
                        camel, "classpath:io/genvideo/camel/every-service.camel.yaml"));
        camel.getShutdownStrategy().setTimeout(5);
        camel.start();
    }

    private Exchange send(String endpoint, Object body, Map<String, Object> headers) {
        return camel.createProducerTemplate().send(endpoint, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private static GenerationTask task(Exchange done) {
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(GenerationTask.class);
    }

    /** Each charge is for another task, and no request was outside of the service's contract. */
    private void assertCharged(Service service, int times) {
        String account = Ledger.account(service.apiKey(key));
        assertThat(sandbox.ledger().charges().stream().filter(c -> c.account().equals(account)))
                .hasSize(times)
                .extracting(Ledger.Charge::taskId)
                .doesNotHaveDuplicates();
        assertThat(sandbox.ledger().violations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTextBecomesAVideo(Service service) throws Exception {
        start(service);

        Exchange done = send("direct:text", "a lake at dawn", Map.of(GenvideoConstants.REFERENCE, "lake 7"));

        GenerationTask task = task(done);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task.provider()).isEqualTo(service.provider());
        assertThat(task.operation().path()).isEqualTo("text_to_video");
        assertThat(task.media()).singleElement().satisfies(medium -> {
            assertThat(medium.kind()).isEqualTo(MediaKind.VIDEO);
            assertThat(medium.url()).hasScheme("http");
        });
        assertThat(done.getMessage().getHeaders())
                .containsEntry(GenvideoConstants.TASK_ID, task.handle())
                .containsEntry(GenvideoConstants.RECORD_ID, task.recordId())
                .containsEntry(GenvideoConstants.STATUS, "SUCCEEDED")
                .containsEntry(GenvideoConstants.PROVIDER, service.provider())
                .containsEntry(GenvideoConstants.MEDIA_COUNT, 1)
                .containsEntry(GenvideoConstants.REPLAYED, false)
                .containsEntry(GenvideoConstants.REFERENCE, "lake 7")
                .containsKeys(GenvideoConstants.URL, GenvideoConstants.MODEL_USED, GenvideoConstants.ELAPSED_MILLIS);
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void theResultIsDownloaded(Service service) throws Exception {
        start(service);

        Exchange done = send("direct:text-file", "a lake", Map.of(Exchange.FILE_NAME, "lake.txt"));

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(Exchange.FILE_NAME)).isEqualTo("lake.mp4");
        assertMp4(done.getMessage().getBody(File.class).toPath());
        assertCharged(service, 1);
    }

    private static void assertMp4(Path video) throws Exception {
        byte[] content = Files.readAllBytes(video);
        assertThat(new String(content, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
    }

    @ParameterizedTest
    @EnumSource
    void aPictureOfAFolderBecomesAVideo(Service service) throws Exception {
        Path inbox = folder.resolve("inbox");
        ImaContext.picture(inbox.resolve("photo.png"), 3, 960, 640);
        Files.writeString(inbox.resolve("no picture.jpg"), "<project/>");

        start(service);

        Path video = folder.resolve("outbox/photo.mp4");
        await().until(() -> Files.isRegularFile(video) && Files.exists(folder.resolve("failed/no picture.jpg")));
        assertMp4(video);
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aRouteUploadsForTheService(Service service) throws Exception {
        start(service);

        Exchange done = send(
                "direct:picture",
                ImaContext.picture(3, 960, 640),
                Map.of(GenvideoConstants.PROMPT, "The camera moves slowly"));

        assertThat(task(done).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aResultThatNobodyWaitsForIsConsumedFromTasks(Service service) throws Exception {
        start(service);
        MockEndpoint late = camel.getEndpoint("mock:late", MockEndpoint.class);
        late.expectedMessageCount(1);

        GenerationTask accepted = task(send("direct:later", "a lake", Map.of(GenvideoConstants.REFERENCE, "lake 7")));

        assertThat(accepted.status().isWatched()).isTrue();
        late.assertIsSatisfied(10_000);
        assertThat(late.getExchanges().get(0).getMessage().getHeaders())
                .containsEntry(GenvideoConstants.TASK_ID, accepted.handle())
                .containsEntry(GenvideoConstants.STATUS, "SUCCEEDED")
                .containsEntry(GenvideoConstants.REFERENCE, "lake 7");
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatFailsIsATypedError(Service service) throws Exception {
        start(service);

        Exchange done = send("direct:text", "a lake [[fail: too dark]]", Map.of());

        assertThat(done.getException()).isInstanceOfSatisfying(GenerationFailedException.class, failure -> {
            assertThat(failure.getHandle()).isNotBlank();
            assertThat(failure.getRecordId()).isNotBlank();
            assertThat(failure.getHttpResponseCode()).isEqualTo(502);
            assertThat(failure.getUserMessage()).isNotBlank();
        });
    }

    @ParameterizedTest
    @EnumSource
    void tooFewCreditsAreATypedErrorAndUnpaid(Service service) throws Exception {
        start(service);

        Exchange done = send("direct:text", "a lake [[insufficient]]", Map.of());

        assertThat(done.getException()).isInstanceOfSatisfying(InsufficientCreditsException.class, failure -> {
            assertThat(failure.getPaid()).isEqualTo(Paid.NO);
            assertThat(failure.getHttpResponseCode()).isEqualTo(402);
        });
        assertCharged(service, 0);
    }

    @ParameterizedTest
    @EnumSource
    void anEqualMessageWithTheSameKeyIsPaidOnce(Service service) throws Exception {
        start(service);
        Map<String, Object> key = Map.of(GenvideoConstants.IDEMPOTENCY_KEY, "lake 7");

        GenerationTask first = task(send("direct:text", "a lake", key));
        Exchange again = send("direct:text", "a lake", key);

        assertThat(task(again).handle()).isEqualTo(first.handle());
        assertThat(again.getMessage().getHeader(GenvideoConstants.REPLAYED)).isEqualTo(true);
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTaskIsReadByItsId(Service service) throws Exception {
        start(service);
        String id = task(send("direct:text", "a lake", Map.of())).handle();

        assertThat(task(send("direct:task", null, Map.of(GenvideoConstants.TASK_ID, id)))
                        .status())
                .isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task(send("direct:result", null, Map.of(GenvideoConstants.TASK_ID, id)))
                        .media())
                .hasSize(1);
        assertCharged(service, 1);
    }

    @ParameterizedTest
    @EnumSource
    void modelsAreListedAndDescribed(Service service) throws Exception {
        start(service);

        List<?> models = send("direct:models", null, Map.of()).getMessage().getBody(List.class);
        List<?> described = send("direct:describe", null, Map.of(GenvideoConstants.MODEL, service.textModel))
                .getMessage()
                .getBody(List.class);

        assertThat(models).hasSizeGreaterThan(5).allMatch(ModelInfo.class::isInstance);
        assertThat(described)
                .isNotEmpty()
                .allSatisfy(model -> assertThat(((ModelInfo) model).provider()).isEqualTo(service.provider()));
        assertCharged(service, 0);
    }

    @ParameterizedTest
    @EnumSource
    void creditsAreReadWhereTheServiceReportsThem(Service service) throws Exception {
        start(service);
        String endpoint = "genvideo:" + service.provider() + "/credits";

        if (service.reportsCredits) {
            Exchange done = send(endpoint, null, Map.of());
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody()).isInstanceOf(Credits.class);
        } else {
            assertThatThrownBy(() -> send(endpoint, null, Map.of())).hasStackTraceContaining("credits");
        }
    }
}
