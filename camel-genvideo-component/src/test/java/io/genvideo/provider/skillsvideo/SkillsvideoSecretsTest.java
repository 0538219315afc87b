/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.genvideo.conformance.LogLines;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Pushed;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No key, signed address or prompt in anything that we say, in whatever way a call fails. */
class SkillsvideoSecretsTest extends SkillsvideoTestSupport {
    private static final String SIGNED = "https://cdn.example.com/in.png?Signature=presigned-secret";
    private static final String NEGATIVE = "no visible wires anywhere";

    private final LogLines lines = new LogLines();
    private final List<Object> said = new ArrayList<>();

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void noOutputHoldsASecret() {
        GenerationProvider provider = provider();
        PlannedGeneration plan = await(provider.plan(
                request(Operation.IMAGE_TO_VIDEO, VEO)
                        .input(url(SIGNED))
                        .options(options(null, null, null, NEGATIVE, null, null, null))
                        .build(),
                CallOptions.DEFAULT));
        ReadyGeneration ready = await(plan.stage());
        said.add(provider);
        said.add(plan);
        said.add(ready);

        String quoting = "cannot: " + PROMPT + " / " + NEGATIVE + " / " + SIGNED + " / Bearer " + KEY;
        for (int status : new int[] {200, 400, 401, 402, 403, 404, 422, 429, 500, 503, 504}) {
            stubCreate(json(status, "{\"error\":\"X\",\"message\":\"" + quoting + "\"}"));
            said.add(thrown(await(ready.submit(new Pushed()))));
        }
        for (Fault fault : Fault.values()) {
            stubCreate(aResponse().withFault(fault));
            said.add(thrown(await(ready.submit(new Pushed()))));
        }
        Pushed pushed = new Pushed();
        stubCreate(events(
                "{'id':'gen_123','status':'IN_QUEUE','input':{'prompt':'" + PROMPT + "','x':'" + SIGNED + "'}}",
                "{'id':'gen_123','status':'FAILED','input':{'prompt':'" + PROMPT + "'},'message':'bad " + PROMPT + " "
                        + SIGNED + " " + KEY + "'}"));
        said.add(await(ready.submit(pushed)));
        said.add(pushed.shown());
        said.add(pushed.outcomes);
        stubGet(json(401, "{\"message\":\"" + KEY + "\"}"));
        said.add(failure(() -> provider.credits(CallOptions.DEFAULT)));

        assertThat(said).hasSizeGreaterThan(15);
        for (Object each : said) {
            assertThat(shown(each)).doesNotContain(KEY, PROMPT, NEGATIVE, "presigned-secret");
        }
        assertThat(lines.lines()).isNotEmpty();
        assertThat(lines.lines())
                .noneMatch(line -> line.contains(KEY)
                        || line.contains(PROMPT)
                        || line.contains(NEGATIVE)
                        || line.contains("presigned-secret"));
    }

    private static Object thrown(SubmitOutcome outcome) {
        if (outcome instanceof SubmitOutcome.Refused refused) {
            return refused.error().toException();
        }
        if (outcome instanceof SubmitOutcome.Deferred deferred) {
            return deferred.error().toException();
        }
        return outcome instanceof SubmitOutcome.Unknown unknown
                ? unknown.error().toException()
                : outcome;
    }

    private static String shown(Object value) {
        if (value instanceof GenvideoException e) {
            return LogLines.trace(e) + e.getError();
        }
        return String.valueOf(value);
    }
}
