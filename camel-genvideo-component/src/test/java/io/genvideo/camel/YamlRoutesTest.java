/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Media;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.TaskStatus;
import io.genvideo.sandbox.Ledger;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person writes who knows YAML and no Java. */
class YamlRoutesTest {
    private final ImaContext ima = new ImaContext();

    @BeforeEach
    void load() throws Exception {
        ima.routes("four-task-types.camel.yaml").start();
    }

    @AfterEach
    void stop() {
        ima.close();
    }

    @Test
    void aTextBecomesAVideo() {
        Exchange done = ima.generate("direct:text", "A lake at dawn");

        GenerationTask task = done.getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task.operation().path()).isEqualTo("text_to_video");
        assertThat(task.provider()).isEqualTo("ima");
        assertThat(task.media())
                .extracting(Media::url)
                .allMatch(url -> url.toString().startsWith(ImaContext.sandbox().uri() + "/media/"));
        assertThat(done.getProperty(GenvideoConstants.TASK_PROPERTY)).isSameAs(task);
        ima.assertCharged(1);
        assertThat(ima.charges().get(0).promptHash()).isEqualTo(Ledger.hash("A lake at dawn"));
    }

    @Test
    void headersTellWhatCameOfIt() {
        Exchange done = ima.send("direct:text", "A lake", Map.of(GenvideoConstants.REFERENCE, "request 7"));

        Message out = done.getMessage();
        Ledger.Charge charge = ima.charges().get(0);
        assertThat(out.getHeaders())
                .containsEntry(GenvideoConstants.TASK_ID, charge.taskId())
                .containsEntry(GenvideoConstants.STATUS, "SUCCEEDED")
                .containsEntry(GenvideoConstants.PROVIDER, "ima")
                .containsEntry(GenvideoConstants.MODEL_USED, "wan2.6-t2v")
                .containsEntry(GenvideoConstants.MEDIA_COUNT, 1)
                .containsEntry(GenvideoConstants.CREDITS, BigDecimal.valueOf(charge.points()))
                .containsEntry(GenvideoConstants.REPLAYED, false)
                .containsEntry(GenvideoConstants.REFERENCE, "request 7");
        GenerationTask task = out.getBody(GenerationTask.class);
        assertThat(out.getHeader(GenvideoConstants.RECORD_ID)).isEqualTo(task.recordId());
        assertThat(out.getHeader(GenvideoConstants.URL))
                .isEqualTo(task.media().get(0).url().toString());
        assertThat(out.getHeader(GenvideoConstants.COVER_URL, String.class)).startsWith("http");
        assertThat(out.getHeader(GenvideoConstants.ELAPSED_MILLIS, Long.class)).isNotNegative();
        assertThat(out.getHeaders())
                .as("what a generation reads is never set, so that steps chain")
                .doesNotContainKeys(
                        GenvideoConstants.PROMPT,
                        GenvideoConstants.INPUTS,
                        GenvideoConstants.MODEL,
                        GenvideoConstants.IDEMPOTENCY_KEY,
                        GenvideoConstants.PARAMETERS);
    }

    @Test
    void aPictureBecomesAVideo() {
        Exchange done = ima.generate("direct:image", ImaContext.picture(1));

        assertThat(done.getMessage().getBody(GenerationTask.class).model()).isEqualTo("wan2.6-i2v");
        ima.assertCharged(1);
    }

    @Test
    void twoPicturesAreTheFirstAndTheLastFrame() {
        ima.generate("direct:frames", List.of(ImaContext.picture(1), ImaContext.picture(2)));
        ima.generate("direct:frames", List.of(ImaContext.picture(2), ImaContext.picture(1)));

        ima.assertCharged(2);
        assertThat(ima.charges())
                .as("the order of the frames counts")
                .extracting(Ledger.Charge::sourceHash)
                .doesNotHaveDuplicates();
    }

    @Test
    void aPictureIsAReference() {
        ima.generate("direct:reference", List.of(ImaContext.picture(1), ImaContext.picture(2)));

        ima.assertCharged(1);
        assertThat(ima.charges().get(0).model()).isEqualTo("kling-video-o1");
    }

    @Test
    void aTaskGoesThroughJsonBothWays() throws Exception {
        Exchange done = ima.generate("direct:json", "A lake");

        GenerationTask task = done.getProperty(GenvideoConstants.TASK_PROPERTY, GenerationTask.class);
        assertThat(done.getMessage().getBody(GenerationTask.class)).isEqualTo(task);
        String json = done.getProperty("json", String.class);
        assertThat(json).contains("\"operation\":\"text_to_video\"", "\"createdAt\":\"20");
        assertThat(new ObjectMapper().readValue(json, GenerationTask.class)).isEqualTo(task);
        String converted = ima.camel().getTypeConverter().convertTo(String.class, task);
        assertThat(new ObjectMapper().readTree(converted)).isEqualTo(new ObjectMapper().readTree(json));
    }

    @Test
    void aRouteNeedNotWait() {
        Exchange done = ima.generate("direct:later", "A lake [[take: 300ms]]");

        assertThat(done.getProperty("accepted")).isIn("QUEUED", "RUNNING");
        GenerationTask task = done.getMessage().getBody(GenerationTask.class);
        assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(task.handle()).isEqualTo(ima.charges().get(0).taskId());
        ima.assertCharged(1);
    }

    @Test
    void modelsAreListedAndDescribed() {
        List<?> models = ima.generate("direct:models", null).getMessage().getBody(List.class);
        assertThat(models).hasSizeGreaterThan(20).allMatch(ModelInfo.class::isInstance);

        List<?> described = ima.generate("direct:describe", null).getMessage().getBody(List.class);
        assertThat(described)
                .isNotEmpty()
                .allSatisfy(m -> assertThat(((ModelInfo) m).version()).isEqualTo("wan2.6-i2v"));
        assertThat(ima.send("direct:describe", null, Map.of(GenvideoConstants.MODEL, "wan 9"))
                        .getException())
                .hasMessageContaining("there is no model 'wan 9'; the operation 'models' lists those there are");
        ima.assertCharged(0);
    }

    @Test
    void aMediumIsUploaded() {
        Exchange one = ima.generate("direct:upload", ImaContext.picture(1));
        assertThat(one.getMessage().getBody(String.class))
                .startsWith(ImaContext.sandbox().uri() + "/");
        assertThat(one.getMessage().getHeader(GenvideoConstants.URL))
                .isEqualTo(one.getMessage().getBody());

        Exchange two = ima.generate("direct:upload", List.of(ImaContext.picture(1), ImaContext.picture(2)));
        assertThat(two.getMessage().getBody(List.class)).hasSize(2);
        assertThat(two.getMessage().getHeader(GenvideoConstants.MEDIA_COUNT)).isEqualTo(2);
        ima.assertCharged(0);
    }
}
