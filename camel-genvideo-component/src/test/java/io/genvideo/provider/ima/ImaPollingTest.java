/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/ima.md section 7: the decision table, row by row. */
class ImaPollingTest extends ImaTestSupport {
    private static final String URL = "'url':'https://cdn.example.com/v.mp4'";

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // nothing yet
                "[]|QUEUED",
                "null|QUEUED",
                "[null]|QUEUED",
                // any 2
                "[{'resource_status':2,'error_msg':'boom'}]|FAILED:boom",
                "[{'resource_status':2,'error_msg':'','remark':'why'}]|FAILED:why",
                "[{'resource_status':2}]|FAILED:unknown",
                "[{'resource_status':'2','remark':'text'}]|FAILED:text",
                "[{'resource_status':1,'status':'success',U},{'resource_status':2,'error_msg':'second'}]|FAILED:second",
                "[{'resource_status':3},{'resource_status':2,'error_msg':'first 2'}]|FAILED:first 2",
                "[{'resource_status':0,'status':'failed','error_msg':'a'},{'resource_status':2,'error_msg':'b'}]|FAILED:b",
                // any 3
                "[{'resource_status':3}]|CANCELLED",
                "[{'resource_status':1,U},{'resource_status':3}]|CANCELLED",
                "[{'resource_status':0,'status':'failed'},{'resource_status':3}]|CANCELLED",
                // failed while 0, null, empty
                "[{'resource_status':0,'status':'failed','error_msg':'early'}]|FAILED:early",
                "[{'resource_status':null,'status':' FAILED '}]|FAILED:unknown",
                "[{'resource_status':'','status':'failed'}]|FAILED:unknown",
                "[{'resource_status':0,'status':'processing'},{'status':'failed','remark':'r'}]|FAILED:r",
                // not finished
                "[{'resource_status':0,'status':'pending'}]|QUEUED",
                "[{'resource_status':0,'status':'processing'}]|RUNNING",
                "[{'resource_status':null,'status':'Pending'}]|QUEUED",
                "[{'resource_status':'','status':''}]|RUNNING",
                "[{'status':'success',U}]|RUNNING",
                "[{'resource_status':0,'status':'success',U}]|RUNNING",
                "[{'resource_status':1,'status':'success',U},{'resource_status':0,'status':'pending'}]|QUEUED",
                "[{'resource_status':0,'status':'pending'},{'resource_status':0,'status':'processing'}]|RUNNING",
                "[{'resource_status':9,'status':'processing',U}]|RUNNING",
                "[{'resource_status':true,U}]|RUNNING",
                // all 1 and failed
                "[{'resource_status':1,'status':' Failed ','error_msg':'late',U}]|FAILED:late",
                // all 1 without a URL
                "[{'resource_status':1,'status':'processing','url':null}]|RUNNING",
                "[{'resource_status':1,'status':'success','url':''}]|RUNNING",
                "[{'resource_status':1,'status':'success',U},{'resource_status':1,'status':'processing'}]|RUNNING",
                // all 1 with a URL
                "[{'resource_status':1,'status':'success',U}]|SUCCEEDED:https://cdn.example.com/v.mp4",
                "[{'resource_status':'1','status':'completed',U}]|SUCCEEDED:https://cdn.example.com/v.mp4",
                "[{'resource_status':1,U}]|SUCCEEDED:https://cdn.example.com/v.mp4",
                "[{'resource_status':1,'status':'processing',U}]|SUCCEEDED:https://cdn.example.com/v.mp4",
                "[{'resource_status':1,'url':null,'watermark_url':'https://h/w.mp4','preview_url':'https://h/p.mp4'}]|SUCCEEDED:https://h/w.mp4",
                "[{'resource_status':1,'url':'','preview_url':'https://h/p.mp4'}]|SUCCEEDED:https://h/p.mp4",
                "[{'resource_status':1,'url':'https://h/a b.mp4'}]|SUCCEEDED:https://h/a%20b.mp4",
                "[{'resource_status':1,'status':'success',U},{'resource_status':1,'status':'success','url':'https://h/2.mp4'}]|SUCCEEDED:https://cdn.example.com/v.mp4 https://h/2.mp4",
                "[{'resource_status':1,'status':'success',U},{'resource_status':1,'status':'success'}]|SUCCEEDED:https://cdn.example.com/v.mp4"
            })
    void theDecisionTable(String medias, String verdict) {
        PollOutcome outcome = poll(medias);

        assertThat(shown(outcome)).isEqualTo(verdict);
    }

    @Test
    void oneRequestWithTheTaskIdOnly() {
        poll("[]");

        IMA.verify(
                1,
                postRequestedFor(urlPathEqualTo("/ima/open/v1/tasks/detail"))
                        .withRequestBody(equalToJson("{\"task_id\":\"task_1\"}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'cover':'https://h/c.jpg','duration_str':'5s','format':'mp4','width':1280,'height':720|https://h/c.jpg|5.0|video/mp4|1280|720",
                "'cover':'https://h/a.jpg','cover_url':'https://h/c.jpg','duration_str':'7.5 S','format':'mov','width':'640','height':'480'|https://h/c.jpg|7.5|video/quicktime|640|480",
                "'cover_url':'','cover':'https://h/c.jpg','duration_str':5,'format':'???'|https://h/c.jpg|5.0|video/mp4||",
                "'cover':null,'duration_str':'soon','width':'','height':null||| video/mp4||",
                "'cover':'not an address','duration_str':null|||video/mp4||"
            })
    void readsMediumInEverySpelling(
            String fields, URI cover, Double duration, String type, Integer width, Integer height) {
        Media medium = ((PollOutcome.Succeeded) poll("[{'resource_status':1," + URL + "," + fields + "}]"))
                .media()
                .get(0);

        assertThat(medium)
                .isEqualTo(new Media(
                        URI.create("https://cdn.example.com/v.mp4"),
                        MediaKind.VIDEO,
                        type.trim(),
                        cover,
                        duration,
                        width,
                        height,
                        null));
    }

    @Test
    void keepsResponseWithoutPrompt() {
        stubDetail(okJson("{\"code\":0,\"data\":{\"id\":\"task_1\",\"prompt\":\"" + PROMPT
                + "\",\"medias\":[{\"resource_status\":1,\"prompt\":\"" + PROMPT
                + "\",\"url\":\"https://h/v.mp4\",\"mode_name\":null}]}}"));

        PollOutcome.Succeeded done = (PollOutcome.Succeeded) await(provider().poll(task(null), CallOptions.DEFAULT));

        assertThat(done.raw().toString())
                .contains("task_1", "https://h/v.mp4", "mode_name")
                .doesNotContain("prompt", PROMPT);
        assertThat(done.credits()).isNull();
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "401|{'code':401,'message':'bad key'}|UNAUTHORISED",
                "429|{'code':0,'data':{}}|RATE_LIMITED",
                "200|{'code':404,'message':'?'}|UNKNOWN_TASK",
                "404|{'code':404,'message':'?'}|UNKNOWN_TASK",
                "200|{'code':1,'message':'Task not found'}|UNKNOWN_TASK",
                "200|{'code':1,'message':'task does not exist'}|UNKNOWN_TASK",
                "200|{'code':0,'data':null}|UNAVAILABLE",
                "200|{'code':0,'data':[]}|UNAVAILABLE",
                "503|{'code':0,'data':{'medias':[{'resource_status':2}]}}|UNAVAILABLE"
            })
    void troubleNeverEndsATask(int status, String body, Kind kind) {
        stubDetail(json(status, body == null ? "" : body.replace('\'', '"')).withHeader("Retry-After", "9"));

        PollOutcome.Trouble trouble = (PollOutcome.Trouble) await(provider().poll(task(null), CallOptions.DEFAULT));

        assertThat(trouble.kind()).isEqualTo(kind);
        assertThat(trouble.retryAfter()).isEqualTo(Duration.ofSeconds(9));
        IMA.verify(1, postRequestedFor(urlPathEqualTo("/ima/open/v1/tasks/detail")));
    }

    @ParameterizedTest
    @CsvSource({
        "kling-video-o1,boom,GENERATION_FAILED,Wan 2.6|Hailuo 2.0",
        "veo-3.1-generate-preview,boom,GENERATION_FAILED,Wan 2.6|Hailuo 2.0",
        "wan2.6-t2v,boom,GENERATION_FAILED,Hailuo 2.0",
        "sora-2-pro,boom,GENERATION_FAILED,Google Veo 3.1|Wan 2.6",
        "Pixverse V5,boom,GENERATION_FAILED,Wan 2.6|Hailuo 2.0",
        "gone-model,boom,GENERATION_FAILED,Wan 2.6|Hailuo 2.0",
        "MiniMax-Hailuo-02,the picture is Sensitive,CONTENT_REJECTED,Wan 2.6",
        "viduq2,content POLICY,CONTENT_REJECTED,Wan 2.6|Hailuo 2.0"
    })
    void failureSuggestsExistingModels(String model, String text, ErrorCategory category, String alternatives) {
        stubLists();
        GenerationProvider provider = provider();
        await(provider.models(Operation.TEXT_TO_VIDEO, CallOptions.DEFAULT));
        stubDetail(okJson(detail("[{'resource_status':2,'error_msg':'" + text + "'}]")));

        GenerationError error = ((PollOutcome.Failed) await(provider.poll(task(model), CallOptions.DEFAULT))).error();

        assertThat(error.category()).isEqualTo(category);
        assertThat(error.message()).isEqualTo("the generation failed: " + text);
        assertThat(error.alternatives()).containsExactly(alternatives.split("\\|"));
        assertThat(error.paid()).isEqualTo(Paid.UNKNOWN);
        assertThat(error.handle()).isEqualTo("task_1");
        assertThat(error.recordId()).isEqualTo("rec_1");
    }

    @Test
    void suggestsNothingWithoutList() {
        stubDetail(okJson(detail("[{'resource_status':2}]")));

        PollOutcome.Failed failed =
                (PollOutcome.Failed) await(provider().poll(task("wan2.6-t2v"), CallOptions.DEFAULT));

        assertThat(failed.error().alternatives()).isEmpty();
    }

    @Test
    void aQuotedPromptIsHiddenAlsoWhereTheAnswerDoesNotRepeatIt() {
        PollOutcome.Failed failed = (PollOutcome.Failed)
                poll("[{'resource_status':2,'error_msg':'the prompt `" + PROMPT + "` is not allowed'}]");

        assertThat(failed.error().message()).isEqualTo("the generation failed: the prompt `\u2026` is not allowed");
        assertThat(failed.raw().toString()).doesNotContain(PROMPT);
    }

    private PollOutcome poll(String medias) {
        stubDetail(okJson(detail(medias)));
        return await(provider().poll(task(null), CallOptions.DEFAULT));
    }

    private static String detail(String medias) {
        return ("{'code':0,'message':'ok','data':{'id':'task_1','medias':" + medias.replace("U}", URL + "}") + "}}")
                .replace('\'', '"');
    }

    private static SubmittedTask task(String model) {
        return new SubmittedTask("rec_1", "task_1", Operation.TEXT_TO_VIDEO, model, null);
    }

    private static String shown(PollOutcome outcome) {
        if (outcome instanceof PollOutcome.Pending pending) {
            return (pending.status() == TaskStatus.QUEUED ? "QUEUED" : "RUNNING");
        }
        if (outcome instanceof PollOutcome.Failed failed) {
            return "FAILED:" + failed.error().message().replace("the generation failed: ", "");
        }
        if (outcome instanceof PollOutcome.Succeeded done) {
            List<String> urls =
                    done.media().stream().map(m -> m.url().toString()).toList();
            return "SUCCEEDED:" + String.join(" ", urls);
        }
        return outcome instanceof PollOutcome.Cancelled ? "CANCELLED" : outcome.toString();
    }
}
