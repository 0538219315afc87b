/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.Trouble.Kind;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/skillsvideo.md sections 2, 3, 5 and 7: what the answers to a poll and to the reading of the balance mean. */
class SkillsvideoPollingTest extends SkillsvideoTestSupport {

    private static PollOutcome poll(String body) {
        stubGet(json(200, body.replace('\'', '"')));
        return poll();
    }

    private static PollOutcome poll() {
        return await(provider()
                .poll(new SubmittedTask("rec_1", "gen_123", Operation.TEXT_TO_VIDEO, VEO, null), CallOptions.DEFAULT));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "IN_QUEUE|QUEUED",
                "starting|QUEUED",
                "IN_PROGRESS|RUNNING",
                "processing|RUNNING",
                "COMPLETED|Succeeded",
                "succeeded|Succeeded",
                "SUCCEEDED|Succeeded",
                "FAILED|Failed",
                "failed|Failed",
                "CANCELED|Cancelled",
                "canceled|Cancelled",
                "CANCELLED|Cancelled",
                "in_queue|QUEUED",
                "Completed|Succeeded",
                "something|RUNNING"
            })
    void readsBothStatusVocabularies(String status, String verdict) {
        assertThat(shown(poll("{'id':'gen_123','status':'" + status + "','data':{'url':'https://h/v.mp4'}}")))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"state", "queue_state", "queueState", "prediction_status", "predictionStatus", "status"})
    void mapsEveryFieldOfTheService(String field) {
        assertThat(shown(poll("{'id':'gen_123','" + field + "':'IN_QUEUE'}"))).isEqualTo("QUEUED");
        assertThat(shown(poll("{'prediction':{'id':'gen_123','" + field + "':'canceled'}}")))
                .isEqualTo("Cancelled");
    }

    @Test
    void oneRequestWithTheKey() {
        poll("{'id':'gen_123','status':'IN_QUEUE'}");

        SERVICE.verify(1, getRequestedFor(urlEqualTo("/api/v1/generation/gen_123")));
        var request = SERVICE.findAll(getRequestedFor(anyUrl())).get(0);
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + KEY);
        assertThat(request.getHeader("Accept")).isEqualTo("application/json");
    }

    @Test
    void encodesTaskIdAsOneSegment() {
        stubGet(json(200, "{\"status\":\"IN_QUEUE\"}"));

        await(provider()
                .poll(new SubmittedTask(null, "a b/../c?d", Operation.GENERATE, null, null), CallOptions.DEFAULT));

        SERVICE.verify(1, getRequestedFor(urlEqualTo("/api/v1/generation/a%20b%2F..%2Fc%3Fd")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'video','n':1,'videos':[{'url':'https://h/a.mp4'}],'video':{'url':'https://h/a.mp4'}}|https://h/a.mp4|VIDEO",
                "{'video':{'url':'https://h/a'}}|https://h/a|VIDEO",
                "{'video':'https://h/a.mp4'}|https://h/a.mp4|VIDEO",
                "{'videos':['https://h/a.mp4','https://h/b.mp4']}|https://h/a.mp4 https://h/b.mp4|VIDEO",
                "{'videos':[],'images':[],'image':{'url':'https://h/a.png'}}|https://h/a.png|IMAGE",
                "{'type':'image','n':2,'images':[{'url':'https://h/a.png'},{'url':'https://h/b.png'}],'image':{'url':'https://h/a.png'}}|https://h/a.png https://h/b.png|IMAGE",
                "{'videos':[{'url':null},{'video_url':'https://h/b.mp4'}]}|https://h/b.mp4|VIDEO",
                "{'videos':[{'url':'https://h/v.mp4'}],'images':[{'url':'https://h/cover.png'}]}|https://h/v.mp4|VIDEO",
                "{'audio':{'url':'https://h/a.mp3'}}|https://h/a.mp3|AUDIO",
                "{'audios':[{'url':'https://h/a'}]}|https://h/a|AUDIO",
                "{'type':'video','url':'https://h/a'}|https://h/a|VIDEO",
                "{'url':'https://h/a'}|https://h/a|OTHER",
                "{'url':'https://h/a b.mp4'}|https://h/a%20b.mp4|VIDEO",
                "['https://h/a.mp4']|https://h/a.mp4|VIDEO",
                "'https://h/a.mp4'|https://h/a.mp4|VIDEO"
            })
    void readsMediaInEveryPlace(String data, String urls, MediaKind kind) {
        PollOutcome.Succeeded done =
                (PollOutcome.Succeeded) poll("{'id':'gen_123','status':'COMPLETED','data':" + data + "}");

        assertThat(done.media().stream().map(m -> m.url().toString())).containsExactly(urls.split(" "));
        assertThat(done.media()).allMatch(m -> m.kind() == kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"null", "{}", "{'videos':[]}", "{'video':{'url':''}}", "{'videos':[{}]}"})
    void finishedTaskWithoutUrlStaysRunning(String data) {
        assertThat(shown(poll("{'id':'gen_123','status':'COMPLETED','data':" + data + "}")))
                .isEqualTo("RUNNING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'url':'ftp://h/a'}",
                "{'url':'not an address :'}",
                "{'videos':[{'url':'/relative/a.mp4'}]}",
                "'relative/a.mp4'"
            })
    void reportsAnAddressThatCannotBeFetched(String data) {
        PollOutcome outcome = poll("{'id':'gen_123','status':'COMPLETED','data':" + data + "}");

        assertThat(outcome).isInstanceOfSatisfying(PollOutcome.Trouble.class, trouble -> {
            assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNUSABLE_RESULT);
            assertThat(trouble.error().message()).contains("not an absolute http or https URL");
        });
    }

    @Test
    void readsOutputWhereDataIsMissing() {
        assertThat(shown(poll("{'id':'gen_123','status':'succeeded','output':['https://h/a.mp4']}")))
                .isEqualTo("Succeeded");
    }

    @Test
    void readsAllMediumProperties() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded)
                poll(
                        "{'id':'gen_123','status':'COMPLETED','input':{'prompt':'p','image_url':'https://h/in?sig=s'},"
                                + "'data':{'actual_prompt':'q','videos':[{'url':'https://h/a?sig=1','content_type':'video/mp4',"
                                + "'file_name':'../../x','width':1280,'height':'720','duration':8.5,'file_size':1234,"
                                + "'thumbnail_url':'https://h/c.jpg'}]},'usage':{'total':'20','subscription':5,'permanent':15}}");

        assertThat(done.media())
                .isEqualTo(List.of(new Media(
                        URI.create("https://h/a?sig=1"),
                        MediaKind.VIDEO,
                        "video/mp4",
                        URI.create("https://h/c.jpg"),
                        8.5,
                        1280,
                        720,
                        1234L)));
        assertThat(done.credits()).isEqualByComparingTo(new BigDecimal("20"));
        assertThat(done.raw().toString())
                .contains("permanent", "file_name")
                .doesNotContain("prompt", "https://h/in", "input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'gen_123','status':'FAILED'}|GENERATION_FAILED||no reason given|UNKNOWN",
                "{'id':'gen_123','status':'FAILED','usage':{'total':20},'message':'m'}|GENERATION_FAILED||m|YES",
                "{'id':'gen_123','status':'FAILED','usage':{'total':0},'error':'it broke'}|GENERATION_FAILED||it broke|NO",
                "{'id':'gen_123','status':'failed','error':{'message':'deep'}}|GENERATION_FAILED||deep|UNKNOWN",
                "{'id':'gen_123','status':'failed','error':'VIDEO_GENERATION_CONTENT_REJECTED','message':'m'}|CONTENT_REJECTED|VIDEO_GENERATION_CONTENT_REJECTED|m|UNKNOWN"
            })
    void readsErrorsInEveryShape(String body, ErrorCategory category, String code, String text, Paid paid) {
        GenerationError error = ((PollOutcome.Failed) poll(body)).error();

        assertThat(error.category()).isEqualTo(category);
        assertThat(error.providerCode()).isEqualTo(code);
        assertThat(error.message()).isEqualTo("the generation failed: " + text);
        assertThat(error.paid()).isEqualTo(paid);
        assertThat(error.handle()).isEqualTo("gen_123");
        assertThat(error.recordId()).isEqualTo("rec_1");
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "403|{'message':'plan'}|UNAUTHORISED",
                "429|{'code':'X_RATE_LIMITED'}|RATE_LIMITED",
                "200|{'code':'VIDEO_GENERATION_RATE_LIMITED'}|RATE_LIMITED",
                "400|{'message':'?'}|UNAVAILABLE",
                "402|{'message':'?'}|UNAVAILABLE",
                "500|{'message':'?'}|UNAVAILABLE",
                "502|{'code':'VIDEO_GENERATION_FAILED','message':'?'}|UNAVAILABLE",
                "503|{'id':'gen_123','status':'IN_QUEUE'}|UNAVAILABLE",
                "502|{'id':'gen_999','status':'FAILED'}|UNAVAILABLE"
            })
    void troubleNeverEndsATask(int status, String body, Kind kind) {
        stubGet(json(status, body == null ? "" : body.replace('\'', '"')).withHeader("Retry-After", "9"));

        PollOutcome.Trouble trouble = (PollOutcome.Trouble) poll();

        assertThat(trouble.kind()).isEqualTo(kind);
        assertThat(trouble.retryAfter()).isEqualTo(Duration.ofSeconds(9));
        SERVICE.verify(1, getRequestedFor(anyUrl()));
    }

    @Test
    void readsFailedTaskWhateverTheHttpStatus() {
        stubGet(json(502, "{\"id\":\"gen_123\",\"status\":\"FAILED\",\"code\":\"VIDEO_GENERATION_FAILED\"}"));

        assertThat(shown(poll())).isEqualTo("Failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'total':120,'subscription':100,'permanent':20}|120|{permanent=20, subscription=100, total=120}",
                "{'data':{'balance':'7.5'}}|7.5|{balance=7.5}",
                "{'credits':3}|3|{credits=3}",
                "{'credits':{'total':9,'name':'x'}}|9|{total=9}",
                "{'subscription':1,'permanent':2,'plan':'pro'}||{permanent=2, subscription=1}",
                "{}||{}"
            })
    void readsBalanceInEveryShape(String body, BigDecimal available, String details) {
        stubGet(json(200, body.replace('\'', '"')));

        var credits = await(provider().credits(CallOptions.DEFAULT));

        assertThat(credits.available()).isEqualTo(available);
        assertThat(credits.unit()).isEqualTo("credits");
        assertThat(new java.util.TreeMap<>(credits.details())).hasToString(details);
        SERVICE.verify(1, getRequestedFor(urlEqualTo("/api/v1/credits")));
    }

    @ParameterizedTest
    @CsvSource({
        "401,AUTHENTICATION",
        "403,AUTHENTICATION",
        "404,SERVICE_UNAVAILABLE",
        "429,RATE_LIMITED",
        "500,SERVICE_UNAVAILABLE",
        "200,SERVICE_UNAVAILABLE"
    })
    void reportsUnreadableBalance(int status, ErrorCategory category) {
        stubGet(json(status, "nothing"));

        GenvideoException e = failure(() -> provider().credits(CallOptions.DEFAULT));

        assertThat(e.getCategory()).isEqualTo(category);
        assertThat(e).hasMessageContaining("balance");
    }

    private static String shown(PollOutcome outcome) {
        return outcome instanceof PollOutcome.Pending pending
                ? pending.status().name()
                : outcome.getClass().getSimpleName();
    }
}
