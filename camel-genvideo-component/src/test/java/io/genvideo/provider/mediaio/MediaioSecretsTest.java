/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.genvideo.conformance.LogLines;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No key, signed address or prompt in any output, in whatever way a call fails. */
class MediaioSecretsTest extends MediaioTestSupport {
    private static final String SIGNED = "https://store.example.com/in.png?Signature=presigned-secret";

    private final LogLines lines = new LogLines();
    private final List<Object> outputs = new ArrayList<>();

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void noOutputHoldsASecret() {
        GenerationProvider provider = provider();
        PlannedGeneration plan = await(provider.plan(
                kling().input(picture("a.png", 800, 600)).build(),
                uploading(input -> CompletableFuture.completedStage(URI.create(SIGNED)))));
        ReadyGeneration ready = await(plan.stage());
        outputs.add(provider);
        outputs.add(plan);
        outputs.add(ready);

        String quoting = "cannot: " + PROMPT + " / " + SIGNED + " / " + KEY;
        for (int status : new int[] {200, 400, 401, 402, 403, 404, 422, 429, 500, 503, 504}) {
            for (int code : new int[] {1, 374004, 490000, 490505}) {
                stub(json(
                        status,
                        "{\"code\":" + code + ",\"msg\":\"" + quoting + "\",\"data\":{},\"trace_id\":\"" + KEY
                                + "\"}"));
                outputs.add(thrown(await(ready.submit())));
            }
        }
        stub(okJson(
                "{\"code\":0,\"msg\":\"" + quoting + "\",\"data\":{\"task_id\":\"t\",\"prompt\":\"" + PROMPT + "\"}}"));
        outputs.add(await(ready.submit()));
        for (Fault fault : Fault.values()) {
            stub(aResponse().withFault(fault));
            outputs.add(thrown(await(ready.submit())));
        }
        for (int status : new int[] {200, 401, 404, 429, 500}) {
            for (int code : new int[] {0, 1, 374004, 490000}) {
                stub(json(
                        status,
                        "{\"code\":" + code + ",\"msg\":\"" + KEY + "\",\"data\":{\"status\":\"failed\",\"prompt\":\""
                                + PROMPT + "\",\"reason\":\"bad " + PROMPT + " " + SIGNED + " " + KEY + "\"}}"));
                outputs.add(await(provider.poll(
                        new SubmittedTask(null, "t", Operation.IMAGE_TO_VIDEO, "i2v-kling-v2-1", null),
                        CallOptions.DEFAULT)));
            }
        }
        stub(okJson("{\"code\":374004,\"msg\":\"" + KEY + "\"}"));
        outputs.add(failure(() -> provider.credits(CallOptions.DEFAULT)));
        outputs.add(
                failure(() -> provider.plan(kling().parameter("image", PROMPT).build(), CallOptions.DEFAULT)));
        outputs.add(failure(() -> provider.plan(
                kling().input(url("https://user:" + KEY + "@10.0.0.1/a.mp4")).build(), CallOptions.DEFAULT)));

        assertThat(outputs).hasSizeGreaterThan(60);
        for (Object each : outputs) {
            assertThat(shown(each)).doesNotContain(KEY, PROMPT, "presigned-secret");
        }
        assertThat(lines.lines())
                .noneMatch(line -> line.contains(KEY) || line.contains(PROMPT) || line.contains("presigned-secret"));
    }

    private static Object thrown(SubmitOutcome outcome) {
        return outcome instanceof SubmitOutcome.Accepted
                ? outcome
                : error(outcome).toException();
    }

    private static String shown(Object value) {
        return value instanceof GenvideoException e ? LogLines.trace(e) + e.getError() : String.valueOf(value);
    }
}
