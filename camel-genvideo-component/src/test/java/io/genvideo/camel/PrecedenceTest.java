/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Body over header over option over component. */
class PrecedenceTest {
    private final ImaContext ima = new ImaContext();

    @BeforeEach
    void start() {
        ima.component().getConfiguration().setResolution("1080P");
        ima.component().getConfiguration().setAspectRatio("1:1");
        ima.component().getConfiguration().getParameters().put("shot_type", "single");
        ima.start();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    @Test
    void optionsWinOverTheComponent() {
        GenerationRequest request = read("genvideo:ima/text_to_video?resolution=720p&prompt=option", null, Map.of());

        assertThat(request.options().resolution()).isEqualTo("720p");
        assertThat(request.options().aspectRatio()).isEqualTo("1:1");
        assertThat(request.prompt()).isEqualTo("option");
        assertThat(request.parameters()).containsEntry("shot_type", "single");
    }

    @Test
    void headersWinOverOptions() {
        GenerationRequest request = read(
                "genvideo:ima/text_to_video?resolution=720p&duration=5&model=wan2.6-t2v&prompt=option&count=1&seed=1"
                        + "&audio=false&negativePrompt=rain&param.shot_type=multi&param.template=a",
                "body",
                Map.ofEntries(
                        Map.entry(GenvideoConstants.RESOLUTION, "768P"),
                        Map.entry(GenvideoConstants.DURATION, "10"),
                        Map.entry(GenvideoConstants.ASPECT_RATIO, "9:16"),
                        Map.entry(GenvideoConstants.MODEL, "kling"),
                        Map.entry(GenvideoConstants.PROMPT, "header"),
                        Map.entry(GenvideoConstants.COUNT, "2"),
                        Map.entry(GenvideoConstants.SEED, 42),
                        Map.entry(GenvideoConstants.AUDIO, "true"),
                        Map.entry(GenvideoConstants.NEGATIVE_PROMPT, "snow"),
                        Map.entry(GenvideoConstants.MAX_CREDITS, "100"),
                        Map.entry(GenvideoConstants.USER_ID, "u1"),
                        Map.entry(GenvideoConstants.PARAMETERS, Map.of("shot_type", "other"))));

        assertThat(request.options()).isEqualTo(new GenerationOptions(10.0, "768P", "9:16", "snow", 42L, 2, true));
        assertThat(request.model()).isEqualTo("kling");
        assertThat(request.prompt()).isEqualTo("header");
        assertThat(request.maxCredits()).isEqualByComparingTo("100");
        assertThat(request.userId()).isEqualTo("u1");
        assertThat(request.parameters()).containsEntry("shot_type", "other").containsEntry("template", "a");
    }

    @Test
    void creditsMayBeAnyKindOfNumber() {
        for (Object limit : new Object[] {40, 40L, 40.0, "40", new BigDecimal("40")}) {
            GenerationRequest request =
                    read("genvideo:ima/text_to_video", "a lake", Map.of(GenvideoConstants.MAX_CREDITS, limit));
            assertThat(request.maxCredits())
                    .as("%s %s", limit.getClass(), limit)
                    .isEqualByComparingTo("40");
        }
    }

    @Test
    void aBodyWinsOverHeaders() {
        GenerationRequest body = GenerationRequest.builder()
                .prompt("body")
                .model("sora-2-pro")
                .options(new GenerationOptions(4.0, null, null, null, null, null, null))
                .parameter("shot_type", "body")
                .idempotencyKey("body key")
                .maxCredits(BigDecimal.TEN)
                .build();
        GenerationRequest request = read(
                "genvideo:ima/text_to_video?duration=5",
                body,
                Map.of(
                        GenvideoConstants.PROMPT, "header",
                        GenvideoConstants.MODEL, "kling",
                        GenvideoConstants.DURATION, 10,
                        GenvideoConstants.RESOLUTION, "1080p",
                        GenvideoConstants.IDEMPOTENCY_KEY, "header key",
                        GenvideoConstants.MAX_CREDITS, 99,
                        GenvideoConstants.PARAMETERS, Map.of("shot_type", "header", "template", "t")));

        assertThat(request.prompt()).isEqualTo("body");
        assertThat(request.model()).isEqualTo("sora-2-pro");
        assertThat(request.options().duration()).isEqualTo(4.0);
        assertThat(request.options().resolution())
                .as("what the body does not say")
                .isEqualTo("1080p");
        assertThat(request.idempotencyKey()).isEqualTo("body key");
        assertThat(request.maxCredits()).isEqualByComparingTo("10");
        assertThat(request.parameters()).containsEntry("shot_type", "body").containsEntry("template", "t");
        assertThat(request.operation()).isEqualTo(Operation.TEXT_TO_VIDEO);
    }

    @Test
    void aTextBodyIsThePromptOfATextToVideo() {
        assertThat(read("genvideo:ima/text_to_video", "body", Map.of()).prompt())
                .isEqualTo("body");
        assertThat(read("genvideo:ima/text_to_video?prompt=option", "body", Map.of())
                        .prompt())
                .isEqualTo("option");
        assertThat(read("genvideo:ima/text_to_video", "bytes".getBytes(), Map.of())
                        .prompt())
                .isEqualTo("bytes");
        assertThat(read("genvideo:ima/text_to_video?prompt=option", "b", Map.of(GenvideoConstants.PROMPT, " "))
                        .prompt())
                .as("a blank header counts as absent")
                .isEqualTo("option");
    }

    @Test
    void theServiceGetsWhatWasAskedFor() {
        Exchange done = ima.send(
                "genvideo:ima/text_to_video?model=wan2.6-t2v&resolution=720P&aspectRatio=16:9&param.prompt_extend=true",
                "a lake",
                Map.of(GenvideoConstants.DURATION, 10));

        assertThat(done.getException()).isNull();
        ima.assertCharged(1);
        assertThat(ima.charges().get(0).points())
                .as("10 seconds at 720P")
                .isEqualTo(done.getMessage()
                        .getHeader(GenvideoConstants.CREDITS, BigDecimal.class)
                        .longValueExact());
    }

    @Test
    void aPriceAboveTheLimitIsNotPaid() {
        Exchange done = ima.send("genvideo:ima/text_to_video", "a lake", Map.of(GenvideoConstants.MAX_CREDITS, "0.5"));

        assertThat(done.getException()).hasMessageContaining("is above the limit of 0.5");
        ima.assertCharged(0);
    }

    private GenerationRequest read(String uri, Object body, Map<String, Object> headers) {
        GenvideoEndpoint endpoint = ima.camel().getEndpoint(uri, GenvideoEndpoint.class);
        Exchange exchange = new DefaultExchange(ima.camel());
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeaders(new HashMap<>(headers));
        return new RequestFactory(
                        "ima",
                        Operation.TEXT_TO_VIDEO,
                        endpoint.getConfiguration(),
                        ima.component().runtime().workFolder())
                .read(exchange);
    }
}
