/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.genvideo.conformance.LogLines;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No key, signature, presigned address or prompt in anything that we say, in whatever way a call fails. */
class ImaSecretsTest extends ImaTestSupport {
    private final LogLines lines = new LogLines();

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void noOutputHoldsASecret() {
        String quoted = "key " + KEY + " prompt " + PROMPT;
        List<String> said = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            said.addAll(run(() -> {
                stubList(Operation.IMAGE_TO_VIDEO, aResponse().withFault(fault));
            }));
            said.addAll(run(() -> stubToken(aResponse().withFault(fault))));
            said.addAll(run(() -> stubPut(aResponse().withFault(fault))));
        }
        for (int status : new int[] {200, 302, 400, 401, 404, 429, 500, 504}) {
            for (String body : new String[] {envelope(400, quoted), envelope(7, quoted), quoted, "{\"code\":0}"}) {
                said.addAll(run(() -> stubList(Operation.IMAGE_TO_VIDEO, json(status, body))));
                said.addAll(run(() -> stubToken(json(status, body))));
                said.addAll(run(() -> stubPut(json(status, body))));
            }
        }
        said.addAll(run(() -> {}));

        assertThat(said).hasSizeGreaterThan(100);
        assertThat(lines.lines()).anySatisfy(l -> assertThat(l).contains("Uploaded"));
        said.addAll(lines.lines());
        assertThat(said)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(KEY)
                        .doesNotContain("presigned-secret")
                        .doesNotContain("Signature")
                        .doesNotContain("sign=")
                        .doesNotContain("appUid"));
        // The prompt can be hidden where it is known: in what is said about the call that carried it.
        assertThat(said.stream().filter(t -> t.contains("create")))
                .allSatisfy(text -> assertThat(text).doesNotContain(PROMPT));
    }

    @Test
    void textFormsDoNotShowTheRequest() {
        stubLists();
        var plan = await(provider().plan(request(Operation.TEXT_TO_VIDEO).build(), CallOptions.DEFAULT));

        assertThat(plan.toString()).isEqualTo("ImaPlan[text_to_video by wan2.6-t2v for 40 points]");
        assertThat(provider().toString()).doesNotContain(KEY);
        assertThat(new ImaRequests(context(KEY, null, null, "en").account()).toString())
                .doesNotContain(KEY);
    }

    @Test
    void theFactoryIsFoundAsAService() {
        assertThat(ServiceLoader.load(GenerationProviderFactory.class).stream()
                        .map(p -> p.get())
                        .filter(ImaProviderFactory.class::isInstance)
                        .map(f -> f.descriptor()))
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.name()).isEqualTo("ima");
                    assertThat(d.operations())
                            .containsExactlyInAnyOrder(
                                    Operation.TEXT_TO_VIDEO,
                                    Operation.IMAGE_TO_VIDEO,
                                    Operation.FIRST_LAST_FRAME_TO_VIDEO,
                                    Operation.REFERENCE_IMAGE_TO_VIDEO,
                                    Operation.UPLOAD,
                                    Operation.TASK,
                                    Operation.RESULT,
                                    Operation.MODELS,
                                    Operation.DESCRIBE,
                                    Operation.RESOLVE);
                    assertThat(d.alternatives())
                            .containsOnlyKeys(Operation.GENERATE, Operation.CREDITS, Operation.CANCEL);
                    assertThat(d.pollFloor()).hasSeconds(8);
                    assertThat(d.credentials()).singleElement().satisfies(c -> {
                        assertThat(c.option()).isEqualTo("apiKey");
                        assertThat(c.environment()).containsExactly("IMA_API_KEY");
                        assertThat(c.required()).isTrue();
                        assertThat(c.howToGet()).contains(ImaErrors.KEY_PAGE);
                    });
                });
    }

    /** One whole generation, with one thing changed; everything that is said on the way. */
    private List<String> run(Runnable change) {
        IMA.resetAll();
        stubLists();
        stubToken(okJson(token("x.png")));
        stubPut(aResponse());
        stubCreate(okJson(CREATED));
        stubDetail(
                okJson("{\"code\":0,\"data\":{\"medias\":[{\"resource_status\":2,\"error_msg\":\"" + KEY + "\"}]}}"));
        change.run();
        GenerationProvider provider = provider();
        List<String> said = new ArrayList<>();
        try {
            var plan = await(provider.plan(
                    request(Operation.IMAGE_TO_VIDEO)
                            .inputs(List.of(bytes("a.png")))
                            .build(),
                    CallOptions.DEFAULT));
            SubmitOutcome submitted = await(await(plan.stage()).submit());
            said.add("create " + (submitted instanceof SubmitOutcome.Accepted ? "ok" : submitted.toString()));
        } catch (GenvideoException e) {
            said.add(LogLines.trace(e));
        }
        CompletionStage<PollOutcome> polled =
                provider.poll(new SubmittedTask("r", "t", Operation.IMAGE_TO_VIDEO, null, null), CallOptions.DEFAULT);
        PollOutcome outcome = await(polled);
        said.add(outcome instanceof PollOutcome.Failed failed ? failed.error().toString() : outcome.toString());
        return said;
    }
}
