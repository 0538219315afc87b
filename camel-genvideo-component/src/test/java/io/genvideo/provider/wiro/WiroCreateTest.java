/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.SubmitOutcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/wiro.md sections 3 and 4. */
class WiroCreateTest extends WiroTestSupport {
    @TempDir
    Path folder;

    @Test
    void sendsTheParametersAndTheDefaultsOfThoseThatAreRequired() throws IOException {
        JsonNode sent = sent(wan().parameter("shotType", "multi").build());

        assertThat(sent)
                .isEqualTo(MAPPER.readTree("{\"prompt\":\"" + PROMPT + "\",\"shotType\":\"multi\",\"mode\":\"std\","
                        + "\"duration\":5,\"resolution\":\"1080P\"}"));
    }

    @Test
    void escapesTheSlugInThePath() {
        assertThat(run(wan().build()).getUrl()).isEqualTo("/v1/Run/alibaba/wan%202.6");
    }

    @Test
    void putsUrlsIntoTheFieldOfEachInput() {
        JsonNode combined = sent(request(Operation.FIRST_LAST_FRAME_TO_VIDEO).build());
        assertThat(combined.path("inputImage").path(0).asText()).isEqualTo("https://media.example.com/a.png");
        assertThat(combined.path("inputImageLast").path(0).asText()).isEqualTo("https://media.example.com/b.png");

        JsonNode single = sent(request(Operation.VIDEO_TO_VIDEO).build());
        assertThat(single.path("inputVideoUrl").asText()).isEqualTo("https://media.example.com/a.mp4");
        assertThat(single.has("inputVideo")).isFalse();

        JsonNode several = sent(request(Operation.REFERENCE_IMAGE_TO_VIDEO)
                .input(url(MediaRole.REFERENCE, "https://media.example.com/c.png"))
                .build());
        assertThat(several.path("inputImagesUrl").asText())
                .isEqualTo("https://media.example.com/a.png,https://media.example.com/c.png");
    }

    @Test
    void streamsFilesInAFormUnderTheNameOfTheirField() throws IOException {
        Path picture = Files.write(folder.resolve("very private name.png"), PNG);
        GenerationRequest request = request(Operation.IMAGE_TO_VIDEO, SEEDANCE)
                .input(MediaInput.of(new MediaSource.Local(picture, null)))
                .build();

        LoggedRequest run = run(request);

        assertThat(run.getHeader("Content-Type")).startsWith("multipart/form-data; boundary=");
        Request.Part part = run.getPart("inputImage");
        assertThat(part.getBody().asBytes()).isEqualTo(PNG);
        assertThat(part.getHeader("Content-Disposition").firstValue()).contains("filename=\"inputImage.png\"");
        assertThat(run.getPart("prompt").getBody().asString()).isEqualTo(PROMPT);
        assertThat(run.getPart("duration").getBody().asString()).isEqualTo("5");
        assertThat(run.getBodyAsString()).doesNotContain("private name");
    }

    @Test
    void leavesTheUrlFieldOfAFileEmpty() {
        GenerationRequest request = request(Operation.VIDEO_TO_VIDEO, "acme/edit")
                .input(bytes("clip.mp4"))
                .build();

        LoggedRequest run = run(request);

        assertThat(run.getPart("inputVideo").getBody().asBytes()).isNotEmpty();
        assertThat(run.getPart("inputVideoUrl").getBody().asString()).isEmpty();
    }

    @Test
    void sendsUrlsIfTheRouteBringsAnUploader() throws IOException {
        stubRun(okJson(ACCEPTED));
        List<String> uploaded = new CopyOnWriteArrayList<>();
        CallOptions options = new CallOptions(null, input -> {
            uploaded.add(input.source().displayName());
            return CompletableFuture.completedFuture(URI.create("https://store.example.com/1.png"));
        });
        GenerationRequest request = request(Operation.IMAGE_TO_VIDEO, SEEDANCE)
                .input(bytes("scene.png"))
                .build();

        await(ready(provider(), request, options).submit());

        LoggedRequest run = lastRun();
        assertThat(MAPPER.readTree(run.getBody()).path("inputImage").path(0).asText())
                .isEqualTo("https://store.example.com/1.png");
        assertThat(uploaded).hasSize(1);
    }

    @Test
    void namesTheCallback() throws IOException {
        stubRun(okJson(ACCEPTED));
        CallOptions options = new CallOptions(null, null, "https://hooks.example.com/x/y");

        await(ready(provider(), wan().build(), options).submit());

        assertThat(MAPPER.readTree(lastRun().getBody()).path("callbackUrl").asText())
                .isEqualTo("https://hooks.example.com/x/y");
    }

    private static LoggedRequest lastRun() {
        List<LoggedRequest> all = SERVICE.findAll(postRequestedFor(urlPathMatching("/v1/Run/.*")));
        return all.get(all.size() - 1);
    }

    @Test
    void keepsTheTaskIdAndNothingThatOpensTheTask() {
        stubRun(okJson(ACCEPTED));

        SubmitOutcome.Accepted accepted = (SubmitOutcome.Accepted) submit(wan().build());

        assertThat(accepted.taskId()).isEqualTo("2221");
        assertThat(accepted.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(String.valueOf(accepted.raw())).doesNotContain("eDcCm5yyUfIvMFspTwww49OUfgXkQt");
        assertThat(accepted.providerState()).isNull();
    }

    @Test
    void acceptsANumberAsTaskId() {
        stubRun(okJson("{\"result\":true,\"taskid\":2221}"));

        assertThat(((SubmitOutcome.Accepted) submit(wan().build())).taskId()).isEqualTo("2221");
    }

    @Test
    void aCodeIsReadAsNumberAndAsText() {
        for (String code : List.of("96", "\"96\"")) {
            stubRun(okJson(error(code, "You have reached your concurrent task limit.")));

            SubmitOutcome.NoCapacity none = (SubmitOutcome.NoCapacity) submit(wan().build());

            assertThat(none.error().category()).isEqualTo(ErrorCategory.RATE_LIMITED);
            assertThat(none.error().providerCode()).isEqualTo("96");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'result':false,'errors':[{'code':0,'message':'Worker lost after request parameters were stored'}]}",
                "{'result':false,'errors':[{'code':0,'message':'Could not copy request files of the started task'}]}",
                "{'result':false,'errors':[{'code':0,'message':'The worker of the task was suspended'}]}",
                "{'result':true,'errors':[{'code':97,'message':'Insufficient balance'}]}",
                "{'result':false,'errors':[{'code':97,'message':'m'}],'tasklist':[{'id':'2221'}]}",
                "{'result':false,'errors':[{'code':97,'message':'m'}],'socketaccesstoken':'eDcCm5yyUfIvMFspTwww49OUfgXkQt'}"
            })
    void anErrorThatMayHaveStartedATaskIsUncertain(String answer) {
        stubRun(okJson(answer.replace('\'', '"')));

        assertThat(submit(wan().build())).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Request parameter [duration] must be between 5 and 10",
                "Request files [inputImage] required",
                "Request parameters are invalid.",
                "You don't have any permission for this action.",
                "Your account has been suspended."
            })
    void messagesOfTheContractAreRefusals(String message) {
        stubRun(okJson(error("0", message)));

        assertThat(submit(wan().build())).isInstanceOf(SubmitOutcome.Refused.class);
    }

    @Test
    void aCallWithFilesMayTakeLonger() {
        GenerationRequest files = request(Operation.IMAGE_TO_VIDEO, SEEDANCE)
                .input(bytes("scene.png"))
                .build();

        assertThat(ready(provider(), files).submitTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(ready(provider(), wan().build()).submitTimeout()).isNull();
    }

    @Test
    void anErrorThatNamesATaskIsUncertain() {
        stubRun(
                okJson(
                        "{\"result\":false,\"taskid\":\"2221\",\"errors\":[{\"code\":97,\"message\":\"Insufficient balance\"}]}"));

        assertThat(submit(wan().build())).isInstanceOf(SubmitOutcome.Unknown.class);
    }
}
