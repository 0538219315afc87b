/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/mediaio.md sections 3 to 5: what the responses to a poll and to the reading of the balance mean. */
class MediaioPollingTest extends MediaioTestSupport {
    private static final String DONE = "{'code':0,'msg':'','data':{'task_id':'effect-3dbd','status':'completed',"
            + "'reason':'success','result':[{'val':'aicloudtmp/1/3/202603/1/a.mp4',"
            + "'preview':'https://cdn.example.com/a.mp4?sig=1','status':'completed'}]},'trace_id':'d63f'}";

    private static PollOutcome poll(String body) {
        stub(okJson(body.replace('\'', '"')));
        return poll(Operation.IMAGE_TO_VIDEO, "i2v-kling-v2-1");
    }

    private static PollOutcome poll(Operation operation, String model) {
        return await(provider()
                .poll(new SubmittedTask("rec_1", "effect-3dbd", operation, model, null), CallOptions.DEFAULT));
    }

    private static PollOutcome result(String result) {
        return poll("{'code':0,'data':{'status':'completed','reason':'success','result':" + result + "}}");
    }

    private static String shown(PollOutcome outcome) {
        return outcome instanceof PollOutcome.Pending pending
                ? pending.status().toString()
                : outcome.getClass().getSimpleName();
    }

    private static GenerationError failure(PollOutcome outcome) {
        return ((PollOutcome.Failed) outcome).error();
    }

    @Test
    void oneRequestWithTheKeyAndAnEmptyBody() {
        poll(DONE);

        SERVICE.verify(
                1,
                postRequestedFor(urlEqualTo("/mediaio/generation/result/effect-3dbd"))
                        .withHeader("X-API-KEY", equalTo(KEY))
                        .withRequestBody(equalTo("{}")));
    }

    @Test
    void taskIdIsOneSegmentOfThePath() {
        stub(okJson("{\"code\":0,\"data\":{\"status\":\"waiting\"}}"));

        await(provider()
                .poll(new SubmittedTask(null, "a b/../c?d", Operation.GENERATE, null, null), CallOptions.DEFAULT));

        SERVICE.verify(1, postRequestedFor(urlEqualTo("/mediaio/generation/result/a%20b%2F..%2Fc%3Fd")));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "waiting,QUEUED",
        "pending,QUEUED",
        "processing,RUNNING",
        "completed,Succeeded",
        "succeeded,Succeeded",
        "failed,Failed",
        "timeout,Failed",
        "Waiting,QUEUED",
        "COMPLETED,Succeeded",
        " completed ,Succeeded",
        "TimeOut,Failed",
        "a new word,RUNNING",
        "'',RUNNING"
    })
    void readsEveryStatusAndItsSynonym(String status, String verdict) {
        assertThat(shown(poll(DONE.replace("'status':'completed','reason'", "'status':'" + status + "','reason'"))))
                .isEqualTo(verdict);
    }

    @Test
    void readsSampleOfTheContract() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) poll(DONE);

        assertThat(done.media()).hasSize(1);
        Media media = done.media().get(0);
        assertThat(media.url()).hasToString("https://cdn.example.com/a.mp4?sig=1");
        assertThat(media.kind()).isEqualTo(MediaKind.VIDEO);
        assertThat(media.mimeType()).isEqualTo("video/mp4");
        assertThat(done.credits()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // both shapes
                "[{'preview':'https://h/a.mp4'}]|https://h/a.mp4 VIDEO",
                "{'preview':'https://h/a.mp4','status':'completed'}|https://h/a.mp4 VIDEO",
                "[{'preview':'https://h/1.png'},{'preview':'https://h/2.png'}]|https://h/1.png IMAGE, https://h/2.png IMAGE",
                // without an extension the stored path tells the type, else the operation
                "[{'preview':'https://h/a','val':'x/a.webp'}]|https://h/a IMAGE",
                "[{'preview':'https://h/a','val':'x/a'}]|https://h/a VIDEO",
                // a part that has failed does not hide the others
                "[{'preview':'','status':'failed'},{'preview':'https://h/2.png','status':'completed'}]|https://h/2.png IMAGE",
                "[{'preview':'https://h/1.png'},{'status':'timeout'}]|https://h/1.png IMAGE"
            })
    void readsResults(String result, String media) {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) result(result);

        assertThat(done.media().stream().map(m -> m.url() + " " + m.kind()).collect(Collectors.joining(", ")))
                .isEqualTo(media);
    }

    @Test
    void modelTellsTheKindOfWhatGenerateMade() {
        stub(okJson("{\"code\":0,\"data\":{\"status\":\"completed\",\"result\":[{\"preview\":\"https://h/a\"}]}}"));

        PollOutcome.Succeeded done = (PollOutcome.Succeeded) poll(Operation.GENERATE, "i2i-banana");

        assertThat(done.media().get(0).kind()).isEqualTo(MediaKind.IMAGE);
    }

    /** Paid and finished: to give it up would lose it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|RUNNING",
                "[]|RUNNING",
                "{}|RUNNING",
                "[{'val':'x/a.mp4','preview':null}]|RUNNING",
                "[{'preview':'https://h/1.png'},{'preview':'','status':'processing'}]|RUNNING",
                "[{'preview':'aicloudtmp/1/a.mp4'}]|Trouble",
                "[{'preview':'ftp://h/a.mp4'}]|Trouble"
            })
    void finishedTaskWithoutAddressIsPolledOn(String result, String verdict) {
        PollOutcome outcome = result(result);

        assertThat(shown(outcome)).isEqualTo(verdict);
        if (outcome instanceof PollOutcome.Trouble trouble) {
            assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNUSABLE_RESULT);
            assertThat(trouble.error().paid()).isEqualTo(Paid.YES);
        }
    }

    @Test
    void finishedTaskWhoseEveryPartFailedHasFailed() {
        assertThat(failure(result("[{'status':'failed'},{'status':'failed','preview':''}]"))
                        .message())
                .isEqualTo("the generation failed: no reason given");
    }

    @Test
    void failedTaskTellsReasonTraceAndThatItsPaymentIsUnknown() {
        GenerationError error =
                failure(poll("{'code':0,'data':{'status':'failed','reason':'face not found'},'trace_id':'d63f'}"));

        assertThat(error.category()).isEqualTo(ErrorCategory.GENERATION_FAILED);
        assertThat(error.message()).isEqualTo("the generation failed: face not found (trace_id d63f)");
        assertThat(error.handle()).isEqualTo("effect-3dbd");
        assertThat(error.recordId()).isEqualTo("rec_1");
        assertThat(error.retryable()).isFalse();
        assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
    }

    @Test
    void timeoutOfTheServiceIsAFailureThatIsWorthAnotherAttempt() {
        GenerationError error = failure(poll("{'code':0,'data':{'status':'timeout','reason':''}}"));

        assertThat(error.category()).isEqualTo(ErrorCategory.GENERATION_FAILED);
        assertThat(error.message()).isEqualTo("the generation took too long for Media.io");
        assertThat(error.retryable()).isTrue();
        assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{'code':374004,'msg':'m','data':{}}|UNAUTHORISED",
                "401|no|UNAUTHORISED",
                "200|{'code':490000,'msg':'params error','data':{}}|UNKNOWN_TASK",
                "200|{'code':1,'msg':'Task does not exist','data':{}}|UNKNOWN_TASK",
                "200|{'code':1,'msg':'task NOT FOUND','data':{}}|UNKNOWN_TASK",
                "404|{'code':1,'msg':'m'}|UNKNOWN_TASK",
                "404|<html>|UNAVAILABLE",
                "200|{'code':500000,'msg':'m','data':{}}|UNAVAILABLE",
                "200|{'code':490505,'msg':'m','data':{}}|UNAVAILABLE",
                "200|{'code':0,'data':{}}|UNAVAILABLE",
                "200|{'code':0}|UNAVAILABLE",
                "200|{'code':0,'data':[]}|UNAVAILABLE",
                "500|{'code':0,'data':{'status':'completed'}}|UNAVAILABLE",
                "200|<html>|UNAVAILABLE",
                "502|<html>|UNAVAILABLE",
                "429|<html>|RATE_LIMITED",
                "429|{'code':1,'msg':'m'}|RATE_LIMITED"
            })
    void troubleNeverEndsATask(int status, String body, String kind) {
        stub(json(status, body.replace('\'', '"')).withHeader("Retry-After", "7"));

        PollOutcome.Trouble trouble = (PollOutcome.Trouble) poll(Operation.IMAGE_TO_VIDEO, "i2v-kling-v2-1");

        assertThat(trouble.kind()).hasToString(kind);
        assertThat(trouble.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void readsTheBalance() {
        stub(okJson("{\"code\":0,\"msg\":\"\",\"data\":{\"credits\":420},\"trace_id\":\"d\"}"));

        var credits = await(provider().credits(CallOptions.DEFAULT));

        assertThat(credits.available()).isEqualTo(BigDecimal.valueOf(420));
        assertThat(credits.unit()).isEqualTo("credits");
        SERVICE.verify(
                1,
                postRequestedFor(urlEqualTo("/mediaio/user/credits"))
                        .withHeader("X-API-KEY", equalTo(KEY))
                        .withRequestBody(equalToJson("{}")));
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200|{'code':374004,'msg':'m','data':{}}|AUTHENTICATION|https://www.media.io",
                "200|{'code':0,'data':{}}|SERVICE_UNAVAILABLE|lacks",
                "200|<html>|SERVICE_UNAVAILABLE|lacks",
                "403|<html>|AUTHENTICATION|HTTP 403"
            })
    void reportsUnreadableBalance(int status, String body, String category, String text) {
        stub(json(status, body.replace('\'', '"')));

        var e = failure(() -> provider().credits(CallOptions.DEFAULT));

        assertThat(e.getCategory()).hasToString(category);
        assertThat(e).hasMessageContaining(text);
    }
}
