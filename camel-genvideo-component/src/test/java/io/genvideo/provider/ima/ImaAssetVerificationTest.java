/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/ima.md section 5: which pictures the service checks before a task is created. */
class ImaAssetVerificationTest extends ImaTestSupport {
    private static final String VERIFY = "/ima/open/v1/assets/verify";

    @BeforeEach
    void stubs() {
        stubLists();
        stubCreate(okJson(CREATED));
        stubVerify("Active");
    }

    private static void verifyAnswers(ResponseDefinitionBuilder answer) {
        IMA.stubFor(post(urlPathEqualTo(VERIFY)).willReturn(answer));
    }

    private static void verified(int times) {
        IMA.verify(times, postRequestedFor(urlPathEqualTo(VERIFY)));
    }

    private static GenerationRequest picture(String model) {
        return request(Operation.IMAGE_TO_VIDEO).model(model).build();
    }

    private GenvideoException refusedBeforeCreate(GenerationRequest request) {
        PlannedGeneration plan = await(provider().plan(request, CallOptions.DEFAULT));
        GenvideoException e = failure(plan::stage);
        assertThat(e.getPaid()).isEqualTo(Paid.NO);
        IMA.verify(0, postRequestedFor(urlPathEqualTo("/ima/open/v1/tasks/create")));
        return e;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ima-pro", "ima-pro-fast", "seedance 2.0"})
    void pictureOfSeedanceIsVerified(String model) {
        assertThat(await(ready(provider(), picture(model)).submit())).isInstanceOf(SubmitOutcome.Accepted.class);

        IMA.verify(
                1,
                postRequestedFor(urlPathEqualTo(VERIFY))
                        .withHeader("Authorization", equalTo("Bearer " + KEY))
                        .withRequestBody(equalToJson("{\"url\":\"" + PICTURE + "\"}")));
    }

    @ParameterizedTest
    @CsvSource({"image_to_video,wan2.6-i2v", "text_to_video,ima-pro"})
    void nothingElseIsVerified(String operation, String model) {
        ready(
                provider(),
                request(Operation.fromPath(operation).orElseThrow())
                        .model(model)
                        .build());

        verified(0);
    }

    @Test
    void everyPictureIsVerifiedOnce() {
        GenerationRequest request = request(Operation.REFERENCE_IMAGE_TO_VIDEO)
                .model("ima-pro")
                .inputs(List.of(url(PICTURE), url("https://cdn.example.com/b.png"), url(PICTURE)))
                .build();

        ReadyGeneration ready = ready(provider(), request);
        verified(2);
        await(ready.plan().stage());
        await(ready.refresh());

        verified(2);
    }

    @Test
    void whatHasPassedIsNotVerifiedAgainAfterAFailure() {
        IMA.stubFor(post(urlPathEqualTo(VERIFY))
                .withRequestBody(matchingJsonPath("$.url", equalTo("https://cdn.example.com/b.png")))
                .willReturn(aResponse().withStatus(503)));
        PlannedGeneration plan = await(provider()
                .plan(
                        request(Operation.FIRST_LAST_FRAME_TO_VIDEO)
                                .model("ima-pro")
                                .build(),
                        CallOptions.DEFAULT));
        assertThat(failure(plan::stage).getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        stubVerify("Active");

        await(plan.stage());

        IMA.verify(
                1,
                postRequestedFor(urlPathEqualTo(VERIFY))
                        .withRequestBody(matchingJsonPath("$.url", equalTo(PICTURE.toString()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Active", "ACTIVE", "success", " active "})
    void acceptsEverySpellingOfSuccess(String status) {
        stubVerify(status);

        ready(provider(), picture("ima-pro"));

        verified(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'status':'failed','error':{'code':'X','message':'the picture is too dark'}}|INVALID_REQUEST|IMA Studio does not accept input 1: the picture is too dark",
                "{'status':'Failed','error':{'message':'violates our policy'}}|CONTENT_REJECTED|violates our policy",
                "{'status':'failed'}|INVALID_REQUEST|IMA Studio does not accept input 1",
                "{'status':'processing'}|SERVICE_UNAVAILABLE|the status of input 1 is 'processing'",
                "{'status':''}|SERVICE_UNAVAILABLE|the status of input 1 is ''",
                "{}|SERVICE_UNAVAILABLE|the status of input 1 is ''"
            })
    void anyOtherStatusStopsBeforeCreate(String result, String category, String text) {
        verifyAnswers(okJson("{\"code\":0,\"data\":{\"result\":" + result.replace('\'', '"') + "}}"));

        GenvideoException e = refusedBeforeCreate(picture("ima-pro"));

        assertThat(e.getCategory()).hasToString(category);
        assertThat(e).hasMessageContaining("verifying an input failed: ").hasMessageContaining(text);
        assertThat(e.isRetryable()).isFalse();
    }

    @ParameterizedTest(name = "HTTP {0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{'code':401,'message':'m'}|AUTHENTICATION",
                "200|{'code':400,'message':'m'}|INVALID_REQUEST",
                "200|{'code':0,'data':{}}|SERVICE_UNAVAILABLE",
                "200|<html>|SERVICE_UNAVAILABLE",
                "502|<html>|SERVICE_UNAVAILABLE"
            })
    void errorStopsBeforeCreate(int status, String body, String category) {
        verifyAnswers(json(status, body.replace('\'', '"')));

        assertThat(refusedBeforeCreate(picture("ima-pro")).getCategory()).hasToString(category);
        verified(1);
    }

    @Test
    void lostResponseIsNotSentAgainHere() {
        verifyAnswers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        GenvideoException e = refusedBeforeCreate(picture("ima-pro"));

        assertThat(e.getCategory()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        assertThat(e.isRetryable()).isTrue();
        verified(1);
    }

    @Test
    void messagesHoldNeitherKeyNorSignedAddress() {
        verifyAnswers(okJson("{\"code\":0,\"data\":{\"result\":{\"status\":\"failed\",\"error\":{\"message\":\"bad "
                + KEY + " https://cdn.example.com/a.jpg?Signature=presigned-secret\"}}}}"));

        assertThat(refusedBeforeCreate(picture("ima-pro")).toString()).doesNotContain(KEY, "presigned-secret");
    }

    @Test
    void theSandboxVerifiesBeforeItAccepts() {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                .rendering(SandboxConfig.Rendering.SAMPLE)
                .build())) {
            GenerationProvider twin = new ImaProviderFactory()
                    .create(context(
                            KEY,
                            sandbox.imaUri().toString(),
                            sandbox.imaUploadUri().toString(),
                            "en"));

            assertThat(await(ready(twin, picture("ima-pro")).submit())).isInstanceOf(SubmitOutcome.Accepted.class);

            assertThat(sandbox.ledger().requests()).containsEntry("ima/assets-verify", 1L);
            assertThat(sandbox.ledger().violations()).isEmpty();
        }
    }

    /** A model of IMA belongs to a task type: nothing is sent for what is no task type. */
    @Test
    void generateIsRefused() {
        GenerationRequest request = request(Operation.TEXT_TO_VIDEO)
                .operation(Operation.GENERATE)
                .model("ima-pro")
                .build();

        assertThat(failure(() -> provider().plan(request, CallOptions.DEFAULT)).getCategory())
                .isEqualTo(ErrorCategory.OPERATION_NOT_SUPPORTED);
    }
}
