/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/ima.md sections 6 and 8: what each answer to the paid call means, and that it is sent once. */
class ImaCreateTest extends ImaTestSupport {

    @BeforeEach
    void lists() {
        stubLists();
    }

    @Test
    void readsAcceptedTask() {
        stubCreate(okJson(CREATED));

        SubmitOutcome.Accepted accepted = (SubmitOutcome.Accepted) submit();

        assertThat(accepted.taskId()).isEqualTo("task_abc123");
        assertThat(accepted.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(accepted.providerState()).isNull();
        assertThat(accepted.raw()).extractingByKey("data").asString().contains("biz_xxx");
    }

    @ParameterizedTest(name = "HTTP {0} {1} -> {2} {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // success
                "200|{'code':200,'data':{'id':'t'}}|Accepted||",
                "200|{'code':'0','data':{'id':77}}|Accepted||",
                "201|{'code':0,'data':{'id':'t','prompt':'p'}}|Accepted||",
                "200|{'code':0,'data':{'biz_id':'b'}}|Unknown||without a task id",
                "200|{'code':0,'data':{'id':' '}}|Unknown||without a task id",
                "200|{'code':0,'data':null}|Unknown||without a task id",
                "200|{'code':0}|Unknown||",
                "400|{'code':0}|Unknown||",
                "500|{'code':0,'data':{'id':'t'}}|Accepted||",
                // whatever names a task, or shows that work began, is never a no
                "429|{'code':0,'data':{'id':'t'}}|Accepted||",
                "429|{'code':200,'data':{'biz_id':'b'}}|Unknown||without a task id",
                "301|{'code':0,'data':{'id':'t'}}|Accepted||",
                "307|{'code':0,'data':{}}|Unknown||without a task id",
                "400|{'code':0,'data':{'id':'t'}}|Accepted||",
                "400|{'code':400,'message':'m','data':{'id':'task_1'}}|Unknown||task_1",
                "429|{'code':429,'message':'m','data':{'id':'task_1'}}|Unknown||task_1",
                "200|{'code':4008,'message':'m','data':{'id':'task_1'}}|Unknown||task_1",
                // neither
                "200|{'id':'t'}|Unknown||",
                // 5xx with the service's words
                "504|{'code':401,'message':'x'}|Unknown||HTTP 504",
                "500|{'code':500,'message':'backend error'}|Unknown||backend error",
                "200|{'code':500,'message':'params too complex'}|Unknown||params too complex",
                "500|{'code':4008,'message':'no'}|Refused|INSUFFICIENT_CREDITS|",
                // codes of the contract
                "200|{'code':401,'message':'Unauthorized'}|Refused|AUTHENTICATION|https://www.imaclaw.ai/imaclaw/apikey",
                "401|{'code':401,'message':'Unauthorized'}|Refused|AUTHENTICATION|https://www.imaclaw.ai/imaclaw/apikey",
                "200|{'code':4008,'message':'Insufficient points'}|Refused|INSUFFICIENT_CREDITS|https://www.imaclaw.ai/imaclaw/subscription",
                "200|{'code':4014,'message':'tier'}|Refused|SUBSCRIPTION_REQUIRED|https://www.imaclaw.ai/imaclaw/subscription",
                "200|{'code':6006,'message':'credit'}|Stale|INVALID_REQUEST|",
                "400|{'code':6009,'message':'no rule'}|Stale|INVALID_REQUEST|",
                "200|{'code':6010,'message':'Attribute ID does not match the calculated rule'}|Stale|INVALID_REQUEST|",
                "200|{'code':400,'message':'size not in options'}|Refused|INVALID_REQUEST|size not in options",
                "400|{'code':400,'message':'prompt is sensitive'}|Refused|CONTENT_REJECTED|",
                "200|{'code':400,'message':'violates our Policy'}|Refused|CONTENT_REJECTED|",
                "200|{'code':429,'message':'slow'}|Deferred|RATE_LIMITED|slow",
                "429|{'code':1,'message':'slow'}|Deferred|RATE_LIMITED|slow",
                "200|{'code':503,'message':'busy'}|Unknown||busy",
                "503|{'code':503,'message':'busy'}|Unknown||busy",
                // words of the contract
                "200|{'code':1,'message':'Invalid product attribute'}|Stale|INVALID_REQUEST|",
                "200|{'code':1,'message':'Invalid product attribute: Insufficient points'}|Stale|INVALID_REQUEST|",
                "200|{'code':1,'message':'Insufficient points'}|Refused|INSUFFICIENT_CREDITS|",
                "200|{'code':1,'message':'This model requires a subscription'}|Refused|SUBSCRIPTION_REQUIRED|",
                "200|{'code':1,'message':'needs at least 300 pixels'}|Refused|INVALID_REQUEST|300 pixels",
                "200|{'code':500,'message':'err_code=400017 err_msg=Invalid value for model'}|Refused|INVALID_REQUEST|",
                // codes that the contract does not know
                "200|{'code':7777,'message':'what'}|Unknown||what",
                "200|{'code':7777}|Unknown||code 7777",
                "422|{'code':7777,'message':'what'}|Refused|INVALID_REQUEST|what",
                "403|{'code':7777,'message':'what'}|Refused|AUTHENTICATION|what",
                "408|{'code':7777,'message':'what'}|Unknown||what",
                "500|{'code':7777,'message':'what'}|Unknown||what",
            })
    void mapsEveryResponse(int status, String body, String outcome, ErrorCategory category, String text) {
        stubCreate(json(status, body == null ? "" : body.replace('\'', '"')));

        SubmitOutcome result = submit();

        assertThat(result.getClass().getSimpleName()).isEqualTo(outcome);
        if (result instanceof SubmitOutcome.Accepted accepted) {
            assertThat(accepted.raw().toString()).doesNotContain("prompt");
            return;
        }
        GenerationError error = error(result);
        assertThat(error.provider()).isEqualTo("ima");
        assertThat(error.httpStatus()).isEqualTo(status);
        assertThat(error.category()).isEqualTo(category == null ? ErrorCategory.UNCERTAIN_SUBMISSION : category);
        assertThat(error.paid()).isEqualTo(outcome.equals("Unknown") ? Paid.UNKNOWN : Paid.NO);
        assertThat(error.retryable()).isEqualTo(outcome.equals("Deferred"));
        assertThat(error.message()).contains(text == null ? "" : text);
        assertThat(IMA.findAll(postRequestedFor(anyUrl()))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "301,https://other.example.com/x?token=secret,Refused,https://other.example.com:443",
                "302,http://10.0.0.1:99/x,Refused,http://10.0.0.1:99",
                "307,/elsewhere,Refused,another path of the same host",
                "308,-,Refused,cannot be read",
                "308,:::,Refused,cannot be read",
                "303,https://other.example.com/x,Unknown,HTTP 303",
                "304,-,Unknown,HTTP 304"
            })
    void doesNotFollowRedirects(int status, String location, String outcome, String text) {
        ResponseDefinitionBuilder answer = aResponse().withStatus(status);
        stubCreate(location == null ? answer : answer.withHeader("Location", location));

        SubmitOutcome result = submit();

        assertThat(result.getClass().getSimpleName()).isEqualTo(outcome);
        assertThat(error(result).message()).contains(text).doesNotContain("secret");
        assertThat(error(result).retryable()).isFalse();
        assertThat(IMA.findAll(postRequestedFor(anyUrl()))).hasSize(1);
    }

    // ---- stale ----

    @Test
    void rereadsListAfterStaleAndSendsNewPrice() throws Exception {
        stubCreate(okJson(envelope(6006, "credit differs")));
        ReadyGeneration ready =
                ready(provider(), request(Operation.TEXT_TO_VIDEO).build());
        assertThat(await(ready.submit())).isInstanceOf(SubmitOutcome.Stale.class);
        JsonNode list = MAPPER.readTree(list(Operation.TEXT_TO_VIDEO));
        list.findParents("attribute_id")
                .forEach(rule -> ((ObjectNode) rule)
                        .put("attribute_id", rule.get("attribute_id").asInt() + 1)
                        .put("points", rule.get("points").asInt() + 5));
        stubList(Operation.TEXT_TO_VIDEO, okJson(list.toString()));
        stubCreate(okJson(CREATED));

        ReadyGeneration again = await(ready.refresh());

        assertThat(ready.plan().credits()).isEqualByComparingTo("40");
        assertThat(again.plan().credits()).isEqualByComparingTo("45");
        assertThat(await(again.submit())).isInstanceOf(SubmitOutcome.Accepted.class);
        JsonNode order = MAPPER.readTree(creates().get(1).getBody()).at("/parameters/0");
        assertThat(order.get("attribute_id").asInt()).isEqualTo(2059);
        assertThat(order.get("credit").asInt()).isEqualTo(45);
        assertThat(IMA.findAll(getRequestedFor(urlPathEqualTo("/ima/open/v1/product/list"))))
                .hasSize(2);
    }

    // ---- headers ----

    @ParameterizedTest
    @CsvSource({"en,en", "zh,zh", "zh_CN,zh", "fr,en"})
    void headersAreThoseOfTheContract(String language, String sent) {
        stubCreate(okJson(CREATED));
        GenerationProvider provider =
                new ImaProviderFactory().create(context(" " + KEY + " ", base() + "//", null, language));

        await(ready(provider, request(Operation.TEXT_TO_VIDEO).build()).submit());

        List<LoggedRequest> calls = IMA.findAll(anyRequestedFor(anyUrl()));
        assertThat(calls).hasSize(2).allSatisfy(call -> {
            assertThat(call.getHeader("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(call.getHeader("Content-Type")).isEqualTo("application/json");
            assertThat(call.getHeader("x-app-source")).isEqualTo("ima_skills");
            assertThat(call.getHeader("x_app_language")).isEqualTo(sent);
            assertThat(call.header("Content-Type").values()).hasSize(1);
            TreeSet<String> ours = new TreeSet<>();
            call.getAllHeaderKeys().forEach(h -> ours.add(h.toLowerCase(Locale.ROOT)));
            // What the HTTP client itself has to say.
            ours.removeAll(List.of("host", "user-agent", "content-length", "connection", "accept-encoding"));
            assertThat(ours).containsExactly("authorization", "content-type", "x-app-source", "x_app_language");
        });
        assertThat(calls)
                .anySatisfy(call -> assertThat(call.getUrl())
                        .isEqualTo("/ima/open/v1/product/list?app=ima&platform=web&category=text_to_video"));
    }

    // ---- account ----

    @ParameterizedTest
    @CsvSource({",", "'',", "' ',"})
    void withoutAKeyNothingIsSent(String key) {
        GenerationProvider provider = new ImaProviderFactory().create(context(key, base(), null, "en"));

        var e = failure(() -> provider.plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));

        assertThat(e.getCategory()).isEqualTo(ErrorCategory.AUTHENTICATION);
        assertThat(e).hasMessageContaining("IMA_API_KEY").hasMessageContaining(ImaErrors.KEY_PAGE);
        assertThat(failure(() -> provider.models(null, CallOptions.DEFAULT)).getCategory())
                .isEqualTo(ErrorCategory.AUTHENTICATION);
        assertThat(IMA.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.imastudio.com/x,true",
        "https://API.imastudio.com:443,true",
        "https://imapi.liveme.com/a/b,true",
        "http://api.imastudio.com/x,false",
        "https://api.imastudio.com:8443/x,false",
        "https://api.imastudio.com.evil.example/x,false",
        "https://ima-ga.esxscloud.com/x,false",
        "file:///etc/passwd,false",
        "/relative,false"
    })
    void recognisesOwnOrigins(URI uri, boolean own) {
        assertThat(new ImaProviderFactory()
                        .create(context(KEY, null, null, "en"))
                        .ownsOrigin(uri))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"ftp://x", "nonsense", "http://", "'http://a b'"})
    void rejectsInvalidBaseUrl(String base) {
        assertThat(failure(() -> {
                    new ImaProviderFactory().create(context(KEY, base, null, "en"));
                    return null;
                }))
                .hasMessageContaining("baseUrl");
    }

    private SubmitOutcome submit() {
        return await(ready(provider(), request(Operation.TEXT_TO_VIDEO).build()).submit());
    }

    private static List<LoggedRequest> creates() {
        return IMA.findAll(postRequestedFor(urlPathEqualTo("/ima/open/v1/tasks/create")));
    }
}
