/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ProviderDescriptor.CredentialSpec;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.WebhookAuthentication;
import io.genvideo.spi.WebhookEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the descriptor declares works, and everything else is refused before anything is sent. */
public interface CapabilitiesKit extends ConformanceKit {

    @Test
    @DisplayName("descriptor: complete, and the same each time")
    default void descriptorIsComplete() {
        ProviderDescriptor descriptor = protocol().factory().descriptor();

        assertThat(protocol().factory().descriptor()).isEqualTo(descriptor);
        assertThat(descriptor.name()).matches("[a-z][a-z0-9]*");
        assertThat(descriptor.title()).isNotBlank();
        assertThat(descriptor.operations()).contains(Operation.TASK, Operation.RESULT);
        assertThat(descriptor.operations())
                .doesNotContainAnyElementsOf(descriptor.alternatives().keySet());
        assertThat(URI.create(descriptor.defaultBaseUrl()).getScheme()).isEqualTo("https");
        assertThat(descriptor.pollFloor()).isBetween(Duration.ofMillis(500), Duration.ofMinutes(1));
        assertThat(descriptor.credentials()).isNotEmpty().allSatisfy(credential -> {
            assertThat(credential.option()).isIn("apiKey", "secretKey");
            assertThat(credential.environment()).isNotEmpty();
            assertThat(credential.howToGet()).isNotBlank();
        });
    }

    @TestFactory
    @DisplayName("operations: a generation that is declared is sent, another one is refused")
    default Stream<DynamicTest> generations() {
        return Operation.generations().stream()
                .map(operation -> protocol().factory().descriptor().operations().contains(operation)
                        ? dynamicTest(operation.path() + " is sent", () -> sent(operation))
                        : dynamicTest(operation.path() + " is refused", () -> refused(operation)));
    }

    private void sent(Operation operation) {
        try (TestBed bed = new TestBed(protocol())) {
            var ready =
                    ProviderCalls.ready(bed.provider(), bed.request(operation).build(), CallOptions.DEFAULT);

            assertThat(ready.plan().model()).isNotBlank();
            assertThat(ProviderCalls.await(ready.submit())).isInstanceOf(SubmitOutcome.Accepted.class);
        }
    }

    private void refused(Operation operation) {
        try (TestBed bed = new TestBed(protocol())) {
            var request = bed.request(bed.operation()).operation(operation).build();

            GenvideoException refusal =
                    ProviderCalls.failure(() -> bed.provider().plan(request, CallOptions.DEFAULT));

            assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.OPERATION_NOT_SUPPORTED);
            assertThat(refusal).hasMessageContaining(operation.path());
            assertThat(bed.service().creates()).isEmpty();
        }
    }

    @TestFactory
    @DisplayName("operations: a service operation that is declared works")
    default Stream<DynamicTest> serviceOperations() {
        return Stream.of(Operation.CREDITS, Operation.MODELS, Operation.UPLOAD, Operation.CANCEL)
                .filter(protocol().factory().descriptor().operations()::contains)
                .map(operation -> dynamicTest(operation.path(), () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        CompletionStage<?> result = switch (operation) {
                            case CREDITS -> bed.provider().credits(CallOptions.DEFAULT);
                            case MODELS -> bed.provider().models(null, CallOptions.DEFAULT);
                            case CANCEL -> bed.provider().cancel(bed.task("task-1"), CallOptions.DEFAULT);
                            default -> bed.provider().upload(TestBed.picture(), CallOptions.DEFAULT);
                        };
                        assertThat((Object) ProviderCalls.await(result)).isNotNull();
                        assertThat(bed.service().creates()).isEmpty();
                    }
                }));
    }

    @Test
    @DisplayName("input: bytes that are no picture, video or audio are refused before anything is sent")
    default void bytesThatAreNoMediumAreRefused() {
        try (TestBed bed = new TestBed(protocol())) {
            Operation operation = bed.descriptor().operations().stream()
                    .filter(Operation::isGeneration)
                    .filter(Operation::takesPictures)
                    .sorted()
                    .findFirst()
                    .orElse(null);
            assumeTrue(operation != null, "no generation takes pictures");
            MediaInput pom = MediaInput.of(
                    new MediaSource.Bytes("<project/>".getBytes(StandardCharsets.UTF_8), "a.jpg", "image/jpeg"));
            int count = bed.request(operation).build().inputs().size();
            var request = bed.request(operation)
                    .inputs(Collections.nCopies(count, pom))
                    .build();

            GenvideoException refusal = ProviderCalls.failure(
                    () -> bed.provider().plan(request, CallOptions.DEFAULT).thenCompose(plan -> plan.stage()));

            assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.INVALID_REQUEST);
            assertThat(refusal).hasMessageContaining("a.jpg");
            assertThat(bed.service().requests()).noneMatch(sent -> sent.text().contains("<project/>"));
        }
    }

    @TestFactory
    @DisplayName("credentials: a missing key, and one that no header can carry, are refused and not shown")
    default Stream<DynamicTest> unusableKeys() {
        return Stream.of("", " ", "kit key", "kit\u00e9", "kit\r\nX: y")
                .map(key -> dynamicTest("'" + key + "'", () -> {
                    try (TestBed bed = new TestBed(protocol())) {
                        GenerationProvider provider = bed.providerWithKey(key);

                        GenvideoException refusal =
                                ProviderCalls.failure(() -> provider.plan(bed.request(), CallOptions.DEFAULT)
                                        .thenCompose(plan -> plan.stage()));

                        assertThat(refusal.getCategory()).isEqualTo(ErrorCategory.AUTHENTICATION);
                        if (!key.isBlank()) {
                            assertThat(refusal.getMessage()).doesNotContain(key);
                        }
                        CredentialSpec credential =
                                bed.descriptor().credentials().get(0);
                        if (key.isBlank()) {
                            assertThat(refusal.getMessage()).contains(credential.environment());
                        }
                        assertThat(bed.service().requests()).isEmpty();
                    }
                }));
    }

    @Test
    @DisplayName("origin: the account's own, and no other")
    default void ownsItsOriginOnly() {
        try (TestBed bed = new TestBed(protocol())) {
            URI own = bed.service().server().uri();

            assertThat(bed.provider().ownsOrigin(own.resolve("/any/path?query")))
                    .isTrue();
            assertThat(bed.provider().ownsOrigin(URI.create("https://127.0.0.1:" + own.getPort() + "/")))
                    .isFalse();
            assertThat(bed.provider().ownsOrigin(URI.create("http://127.0.0.1:1/")))
                    .isFalse();
            assertThat(bed.provider().ownsOrigin(URI.create("http://127.0.0.1.example.com:" + own.getPort() + "/")))
                    .isFalse();
            assertThat(bed.provider().ownsOrigin(URI.create("file:///etc/passwd")))
                    .isFalse();
        }
    }

    @Test
    @DisplayName("webhooks: a request that is not signed is refused")
    default void unsignedWebhookIsRefused() {
        var factory = protocol().factory();
        assumeTrue(factory.descriptor().webhooks() == WebhookAuthentication.SIGNATURE, "the service signs no webhooks");

        WebhookEvent event = factory.webhookReader("whsec_" + "0".repeat(32), () -> Instant.EPOCH)
                .read(header -> null, "{\"id\":\"task-1\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(event).isInstanceOf(WebhookEvent.Refused.class);
        assertThat(event.toString()).doesNotContain("whsec_");
        assertThatIllegalArgumentException()
                .as("a secret that cannot be one")
                .isThrownBy(() -> factory.webhookReader(" ", () -> Instant.EPOCH));
    }
}
