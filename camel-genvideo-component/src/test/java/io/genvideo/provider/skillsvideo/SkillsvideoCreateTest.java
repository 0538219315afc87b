/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Pushed;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * docs/contracts/skillsvideo.md sections 1, 2 and 5: what each answer to the paid call means, in one piece or instead of a
 * stream, and that it is sent once.
 */
class SkillsvideoCreateTest extends SkillsvideoTestSupport {

    @Test
    void readsAcceptedTask() {
        stubCreate(json(200, CREATED));

        SubmitOutcome.Accepted accepted = (SubmitOutcome.Accepted) submit(veo().build());

        assertThat(accepted.taskId()).isEqualTo("gen_123");
        assertThat(accepted.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(accepted.raw()).containsOnlyKeys("id", "status", "usage");
    }

    @ParameterizedTest
    @CsvSource({
        "google/veo-3.1,google/veo-3.1",
        "Google/VEO-3.1,google/veo-3.1",
        "kling-ai/v3/video,kling-ai/v3/video",
        "/generation/kling-ai/v3/video/,kling-ai/v3/video",
        "/v1/generation/kling-ai/v3/video,kling-ai/v3/video"
    })
    void oneCallWithTheKeyToTheModelsPath(String model, String path) {
        stubCreate(json(200, CREATED));
        PlannedGeneration plan =
                await(provider().plan(request(Operation.TEXT_TO_VIDEO, model).build(), CallOptions.DEFAULT));
        ReadyGeneration ready = await(plan.stage());
        await(ready.submit());
        await(ready.submit(new Pushed()));

        assertThat(plan.model()).isEqualTo(path);
        assertThat(plan.credits()).isNull();
        assertThat(await(ready.refresh())).isSameAs(ready);
        LoggedRequest plain = SERVICE.findAll(postRequestedFor(anyUrl())).get(0);
        assertThat(plain.getUrl()).isEqualTo("/api/v1/generation/" + path);
        assertThat(plain.getHeader("Authorization")).isEqualTo("Bearer " + KEY);
        assertThat(plain.getHeader("Accept")).isEqualTo("application/json");
        assertThat(plain.getHeader("Content-Type")).isEqualTo("application/json");
        LoggedRequest stream = SERVICE.findAll(postRequestedFor(anyUrl())).get(1);
        assertThat(stream.getUrl()).isEqualTo("/api/v1/generation/sse/" + path);
        assertThat(stream.getHeader("Accept")).isEqualTo("text/event-stream");
        assertThat(stream.getBodyAsString()).isEqualTo(plain.getBodyAsString());
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // tasks, in both vocabularies
                "200|{'id':'t','status':'IN_QUEUE'}|Accepted|QUEUED|",
                "202|{'id':'t','status':'starting'}|Accepted|QUEUED|",
                "200|{'id':'t','status':'IN_PROGRESS'}|Accepted|RUNNING|",
                "200|{'id':'t','status':'processing'}|Accepted|RUNNING|",
                "200|{'id':'t','status':'COMPLETED','data':null}|Accepted|RUNNING|",
                "200|{'id':'t','status':'FAILED','code':'VIDEO_GENERATION_FAILED'}|Accepted|RUNNING|",
                "200|{'id':77}|Accepted|RUNNING|",
                "200|{'id':'t','status':'NEW_WORD'}|Accepted|RUNNING|",
                "200|{'id':'t','queue_state':'in-queue'}|Accepted|QUEUED|",
                "200|{'prediction':{'id':'t','predictionStatus':'Starting'}}|Accepted|QUEUED|",
                "500|{'id':'t','status':'IN_QUEUE'}|Accepted|QUEUED|",
                "402|{'id':'t','status':'FAILED','code':'VIDEO_GENERATION_INSUFFICIENT_CREDITS'}|Accepted|RUNNING|",
                // whatever names a task, or shows that work began, is never a no
                "429|{'id':'t','status':'IN_QUEUE'}|Accepted|QUEUED|",
                "302|{'id':'t','status':'IN_QUEUE'}|Accepted|QUEUED|",
                "429|{'status':'IN_QUEUE'}|Unknown||without a task id",
                "307|{'status':'processing'}|Unknown||without a task id",
                "400|{'id':'gen_1','code':'VIDEO_GENERATION_INVALID_INPUT','message':'m'}|Unknown||gen_1",
                "429|{'id':'gen_1','error':'VIDEO_GENERATION_RATE_LIMITED'}|Unknown||gen_1",
                "503|{'id':'gen_1','error':'VIDEO_GENERATION_PROVIDER_UNAVAILABLE'}|Unknown||gen_1",
                // neither
                "200|{'id':' ','status':'IN_QUEUE'}|Unknown||without a task id",
                "200|{'status':'IN_QUEUE'}|Unknown||without a task id",
                // the table of codes, with the status of the table
                "400|{'error':'VIDEO_GENERATION_INVALID_INPUT','code':'VIDEO_GENERATION_INVALID_INPUT','message':'bad duration'}|Refused|INVALID_REQUEST|bad duration",
                "400|{'error':'IMAGE_GENERATION_UNSUPPORTED_MODEL','code':'IMAGE_GENERATION_UNSUPPORTED_MODEL','message':'m'}|Refused|INVALID_REQUEST|",
                "402|{'error':'VIDEO_GENERATION_INSUFFICIENT_CREDITS','code':'VIDEO_GENERATION_INSUFFICIENT_CREDITS','message':'m'}|Refused|INSUFFICIENT_CREDITS|https://skills.video",
                "422|{'error':'TTS_GENERATION_CONTENT_REJECTED','code':'TTS_GENERATION_CONTENT_REJECTED','message':'m'}|Refused|CONTENT_REJECTED|",
                "429|{'error':'VIDEO_GENERATION_RATE_LIMITED','code':'VIDEO_GENERATION_RATE_LIMITED','message':'slow'}|Deferred|RATE_LIMITED|slow",
                "502|{'error':'VIDEO_GENERATION_FAILED','code':'VIDEO_GENERATION_FAILED','message':'boom'}|Unknown||boom",
                "503|{'error':'VIDEO_GENERATION_PROVIDER_UNAVAILABLE','code':'VIDEO_GENERATION_PROVIDER_UNAVAILABLE','message':'m'}|Deferred|SERVICE_UNAVAILABLE|",
                "504|{'error':'VIDEO_GENERATION_TIMEOUT','code':'VIDEO_GENERATION_TIMEOUT','message':'m'}|Unknown||HTTP 504",
                // the same in older shapes, and with other statuses
                "400|{'error':'VIDEO_GENERATION_INVALID_INPUT','message':'m'}|Refused|INVALID_REQUEST|",
                "500|{'error':'VIDEO_GENERATION_INVALID_INPUT','message':'m'}|Refused|INVALID_REQUEST|",
                "200|{'code':'video_generation_content_rejected'}|Refused|CONTENT_REJECTED|no reason given",
                "400|{'error':{'code':'INSUFFICIENT_CREDITS','message':'none left'}}|Refused|INSUFFICIENT_CREDITS|none left",
                "200|{'error':'VIDEO_GENERATION_RATE_LIMITED'}|Deferred|RATE_LIMITED|",
                "400|{'code':'VIDEO_GENERATION_FAILED','message':'m'}|Unknown||",
                "504|{'code':'VIDEO_GENERATION_INVALID_INPUT'}|Unknown||HTTP 504",
                "504|{'id':'t','status':'IN_QUEUE'}|Unknown||HTTP 504",
                "503|{'message':'busy'}|Unknown||busy",
                "500|{'message':'oops'}|Unknown||oops",
                "503|{'error':'SOMETHING_ELSE','message':'m'}|Unknown||",
                // by status alone
                "401|{'message':'Invalid API key'}|Refused|AUTHENTICATION|https://skills.video/dashboard/developer",
                "402|{'message':'pay'}|Refused|INSUFFICIENT_CREDITS|",
                "403|{'error':'forbidden','message':'Upgrade your plan'}|Refused|SUBSCRIPTION_REQUIRED|paid plan",
                "403|{'error':'forbidden','message':'wrong workspace'}|Refused|AUTHENTICATION|wrong workspace",
                "404|{'error':'NOT_FOUND','message':'no such model'}|Refused|INVALID_REQUEST|no such model",
                "422|{'message':'no'}|Refused|CONTENT_REJECTED|",
                "418|{'error':'TEAPOT'}|Refused|INVALID_REQUEST|",
                "408|{'message':'m'}|Unknown||",
                "409|{'message':'m'}|Unknown||"
            })
    void mapsEveryResponse(int status, String body, String verdict, String detail, String text) {
        ResponseDefinitionBuilder answer = json(status, body == null ? "" : body.replace('\'', '"'))
                .withHeader("Location", "http://elsewhere.test/x?sig=secret")
                .withHeader("Retry-After", "7");
        stubCreate(answer);
        ReadyGeneration ready = ready(provider(), veo().build());

        check(await(ready.submit()), verdict, detail, text);

        Pushed pushed = new Pushed();
        check(await(ready.submit(pushed)), verdict, detail, text);
        assertThat(pushed.shown()).containsExactly("ended");
        SERVICE.verify(2, postRequestedFor(anyUrl()));
    }

    private static void check(SubmitOutcome outcome, String verdict, String detail, String text) {
        assertThat(outcome.getClass().getSimpleName()).isEqualTo(verdict);
        if (outcome instanceof SubmitOutcome.Accepted accepted) {
            assertThat(accepted.status()).hasToString(detail);
            return;
        }
        GenerationError error = error(outcome);
        assertThat(error.category())
                .isEqualTo(detail == null ? ErrorCategory.UNCERTAIN_SUBMISSION : ErrorCategory.valueOf(detail));
        assertThat(error.paid()).isEqualTo(detail == null ? Paid.UNKNOWN : Paid.NO);
        assertThat(error.message()).contains(text == null ? "" : text).doesNotContain("secret");
        if (outcome instanceof SubmitOutcome.Deferred deferred) {
            assertThat(deferred.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            assertThat(error.retryable()).isTrue();
        }
    }

    @Test
    void theCodeAndTheStatusAreKept() {
        stubCreate(json(402, "{\"code\":\"VIDEO_GENERATION_INSUFFICIENT_CREDITS\",\"message\":\"m\"}"));

        GenerationError error = error(submit(veo().build()));

        assertThat(error.providerCode()).isEqualTo("VIDEO_GENERATION_INSUFFICIENT_CREDITS");
        assertThat(error.httpStatus()).isEqualTo(402);
        assertThat(error.retryable()).isFalse();
    }

    @Test
    void boundsAndCleansTheCode() {
        stubCreate(json(400, "{\"code\":\"X\\u001b[2J\\nY" + "9".repeat(500) + " " + PROMPT + "\",\"message\":\"m\"}"));

        assertThat(error(submit(veo().build())).providerCode())
                .startsWith("X [2J Y999")
                .hasSizeLessThanOrEqualTo(64)
                .doesNotContain("\n", "\u001b");
    }

    @Test
    void theBaseUrlInTheNotationOfTheDocumentationIsTheSame() {
        SkillsvideoProvider provider = (SkillsvideoProvider) provider(KEY, "https://open.skills.video/api/", null);

        assertThat(provider.ownsOrigin(URI.create("https://open.skills.video/x")))
                .isTrue();
        assertThat(provider.ownsOrigin(URI.create("https://skills.video/x"))).isFalse();
        assertThat(provider.ownsOrigin(URI.create("http://open.skills.video/x")))
                .isFalse();
    }
}
