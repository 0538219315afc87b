/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/mediaio.md sections 1, 2 and 5: what each response to the paid call means, and that it is sent once. */
class MediaioCreateTest extends MediaioTestSupport {

    @Test
    void readsAcceptedTask() {
        stub(okJson(CREATED));

        SubmitOutcome.Accepted accepted = (SubmitOutcome.Accepted) submit(imagen().build());

        assertThat(accepted.taskId()).isEqualTo("effect-3dbd");
        assertThat(accepted.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(accepted.raw()).containsOnlyKeys("code", "msg", "data", "trace_id");
        SERVICE.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void planNamesTheModelAndNoPrice() {
        PlannedGeneration plan = await(provider().plan(imagen().build(), CallOptions.DEFAULT));

        assertThat(plan.model()).isEqualTo("t2i-imagen-4");
        assertThat(plan.credits()).isNull();
        assertThat(plan.expectedTime().most()).isEqualTo(Duration.ofMinutes(1));
        assertThat(await(provider().plan(wan().build(), CallOptions.DEFAULT))
                        .expectedTime()
                        .most())
                .isEqualTo(Duration.ofMinutes(6));
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // a task, whatever the HTTP status
                "200|{'code':0,'msg':'','data':{'task_id':'t'}}|Accepted|QUEUED|",
                "200|{'code':'0','data':{'task_id':'t'}}|Accepted|QUEUED|",
                "200|{'code':0,'data':{'task_id':77}}|Accepted|QUEUED|",
                "500|{'code':0,'data':{'task_id':'t'}}|Accepted|QUEUED|",
                "429|{'code':0,'data':{'task_id':'t'}}|Accepted|QUEUED|",
                "302|{'code':0,'data':{'task_id':'t'}}|Accepted|QUEUED|",
                // whatever names a task, or shows that work began, is never a no
                "200|{'code':0,'msg':'','data':{}}|Unknown||without a task id",
                "200|{'code':0,'data':{'task_id':' '}}|Unknown||without a task id",
                "200|{'code':0,'data':[{'task_id':'t'}]}|Unknown||without a task id",
                "429|{'code':0}|Unknown||without a task id",
                "200|{'code':490000,'msg':'m','data':{'task_id':'t-1'}}|Unknown||t-1",
                "429|{'code':490505,'msg':'m','data':{'task_id':'t-1'}}|Unknown||t-1",
                "200|{'msg':'m','data':{'task_id':'t-1'}}|Unknown||t-1",
                // the codes of the contract, with any status
                "200|{'code':374004,'msg':'invalid key','data':{}}|Refused|AUTHENTICATION|https://www.media.io",
                "401|{'code':374004,'msg':'invalid key','data':{}}|Refused|AUTHENTICATION|invalid key",
                "200|{'code':490505,'msg':'not enough credits','data':{}}|Refused|INSUFFICIENT_CREDITS|not enough credits",
                "402|{'code':'490505','data':{}}|Refused|INSUFFICIENT_CREDITS|code 490505",
                "200|{'code':490000,'msg':'duration is invalid','data':{},'trace_id':'d63f'}|Refused|INVALID_REQUEST|duration is invalid (trace_id d63f)",
                "500|{'code':490000,'msg':'m','data':{}}|Refused|INVALID_REQUEST|",
                // other codes: a no only with a status of 4xx
                "200|{'code':500000,'msg':'internal','data':{},'trace_id':'d63f'}|Unknown||internal (trace_id d63f)",
                "200|{'code':490001,'msg':'m','data':{}}|Unknown||m",
                "200|{'code':-1}|Unknown||code -1",
                "500|{'code':500,'msg':'oops'}|Unknown||oops",
                "503|{'code':503,'msg':'busy'}|Unknown||busy",
                "400|{'code':490001,'msg':'m'}|Refused|INVALID_REQUEST|",
                "401|{'code':1,'msg':'m'}|Refused|AUTHENTICATION|",
                "402|{'code':1,'msg':'m'}|Refused|INSUFFICIENT_CREDITS|",
                "403|{'code':1,'msg':'m'}|Refused|AUTHENTICATION|",
                "404|{'code':1,'msg':'m'}|Refused|SERVICE_UNAVAILABLE|",
                "408|{'code':1,'msg':'m'}|Unknown||",
                "409|{'code':1,'msg':'m'}|Unknown||",
                "425|{'code':1,'msg':'m'}|Unknown||",
                "429|{'code':429,'msg':'slow down'}|Deferred|RATE_LIMITED|slow down",
                // no envelope
                "200|{}|Unknown||",
                "200||Unknown||",
                "200|[]|Unknown||",
                "200|not json|Unknown||",
                "200|{'code':0,'data':{'task_id':'t'}|Unknown||",
                "200|{'code':'x','msg':'m'}|Unknown||",
                "202|<html>|Unknown||",
                "303|no|Unknown||HTTP 303",
                "504|{'code':0,'data':{'task_id':'t'}}|Unknown||HTTP 504",
                "504|{'code':490000,'msg':'m'}|Unknown||HTTP 504",
                "500|<html>|Unknown||HTTP 500",
                "502|bad gateway|Unknown||HTTP 502",
                "503|<html>|Unknown||HTTP 503",
                "401|no|Refused|AUTHENTICATION|",
                "404|<html>|Refused|SERVICE_UNAVAILABLE|base URL",
                "413|<html>|Refused|INVALID_REQUEST|too large",
                "429|<html>|Deferred|RATE_LIMITED|",
                "307|no|Refused|SERVICE_UNAVAILABLE|http://elsewhere.test:80"
            })
    void mapsEveryResponse(int status, String body, String verdict, String detail, String text) {
        ResponseDefinitionBuilder answer = json(status, body == null ? "" : body.replace('\'', '"'))
                .withHeader("Location", "http://elsewhere.test/x?sig=secret")
                .withHeader("Retry-After", "7");
        stub(answer);

        SubmitOutcome outcome = submit(imagen().build());

        assertThat(outcome.getClass().getSimpleName()).isEqualTo(verdict);
        SERVICE.verify(1, postRequestedFor(anyUrl()));
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

    @ParameterizedTest
    @CsvSource({"374004", "490505", "490000"})
    void refusalKeepsItsCodeAndIsNotWorthRepeating(String code) {
        stub(okJson("{\"code\":" + code + ",\"msg\":\"m\",\"data\":{}}"));

        GenerationError error = error(submit(imagen().build()));

        assertThat(error.providerCode()).isEqualTo(code);
        assertThat(error.httpStatus()).isEqualTo(200);
        assertThat(error.retryable()).isFalse();
    }

    @Test
    void ownsTheOriginOfItsService() {
        assertThat(provider(KEY, null).ownsOrigin(URI.create("https://openapi.media.io/x")))
                .isTrue();
        assertThat(provider(KEY, null).ownsOrigin(URI.create("https://developer-api.media.io/x")))
                .isFalse();
    }
}
