/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpUris;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.ima.ImaProviderFactory;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Whatever IMA Studio answers, in every place where its text is read (docs/contracts/ima.md). */
class ImaFuzzTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final List<String> WORDS = List.of(
            "code",
            "message",
            "data",
            "id",
            "biz_id",
            "status",
            "medias",
            "resource_status",
            "url",
            "watermark_url",
            "preview_url",
            "cover",
            "cover_url",
            "error_msg",
            "remark",
            "duration_str",
            "format",
            "prompt",
            "failed",
            "FAILED",
            "pending",
            "processing",
            "success",
            "task_abc123",
            "Invalid product attribute",
            "Insufficient points",
            "requires a subscription",
            "not found",
            "err_code=400017",
            "children",
            "type",
            "form_config",
            "credit_rules",
            "attributes",
            "points",
            "attribute_id",
            "field",
            "value",
            "options",
            "ui_params",
            "value_mapping",
            "mapping_rules",
            "source_values",
            "target_value",
            "is_ui_virtual",
            "disabled",
            "disabled_conditions",
            "config",
            "maximum",
            "minimum",
            "model_id",
            "name",
            "files",
            "maxLimit",
            "ful",
            "fdl",
            "ful_expire");

    private static final String CREATED =
            "{\"code\":0,\"message\":\"ok\",\"data\":{\"id\":\"task_abc123\",\"biz_id\":\"biz_1\",\"task_type\":\"text_to_video\","
                    + "\"medias\":[],\"generate_count\":1,\"created_at\":1700000000000,\"timeout_at\":1700000300000}}";
    private static final List<String> CREATE_SAMPLES = List.of(
            CREATED,
            CREATED,
            "{\"code\":4008,\"message\":\"Insufficient points\",\"data\":null}",
            "{\"code\":6006,\"message\":\"credit differs\",\"data\":{}}",
            "{\"code\":6010,\"message\":\"Attribute ID does not match the calculated rule\"}",
            "{\"code\":400,\"message\":\"bad: " + Judge.PROMPT + "\",\"data\":{\"id\":\"task_abc123\"}}",
            "{\"code\":429,\"message\":\"slow down\",\"data\":{\"id\":null}}",
            "{\"code\":500,\"message\":\"backend error\"}");
    private static final List<String> POLL_SAMPLES = List.of(
            "{\"code\":0,\"message\":\"ok\",\"data\":{\"id\":\"task_abc123\",\"prompt\":\"" + Judge.PROMPT
                    + "\",\"medias\":[{\"resource_status\":1,\"status\":\"success\",\"url\":\"https://cdn.example.com/a.mp4\","
                    + "\"cover_url\":\"https://cdn.example.com/a.jpg\",\"duration_str\":\"5s\",\"format\":\"mp4\",\"width\":1280,"
                    + "\"height\":720},{\"resource_status\":1,\"status\":\"success\",\"watermark_url\":\"https://cdn.example.com/b.mp4\"}]}}",
            "{\"code\":200,\"message\":\"\",\"data\":{\"id\":\"task_abc123\",\"medias\":[{\"resource_status\":0,\"status\":\"pending\"}]}}",
            "{\"code\":0,\"message\":\"ok\",\"data\":{\"id\":\"task_abc123\",\"prompt\":\"" + Judge.PROMPT
                    + "\",\"medias\":[{\"resource_status\":2,\"status\":\"failed\",\"error_msg\":\"cannot make "
                    + Judge.PROMPT + "\",\"remark\":null}]}}",
            "{\"code\":0,\"data\":{\"medias\":[{\"resource_status\":3,\"status\":\"success\"}]}}",
            "{\"code\":404,\"message\":\"task not found\",\"data\":null}",
            "{\"code\":401,\"message\":\"invalid key " + Judge.KEY + "\"}");
    private static final String TOKEN = "{\"code\":0,\"message\":\"ok\",\"data\":{\"ful\":\"" + Judge.PRESIGNED
            + "\",\"fdl\":\"https://cdn.example.com/webAgent/a.png\",\"ful_expire\":1700000000,\"fdl_expire\":1,\"fdl_key\":\"k\"}}";
    private static final String PRODUCTS = products();
    private static final byte[] PNG = png();

    private static final Set<Integer> STATUSES = Set.of(
            200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 408, 409, 422, 425, 429, 500, 502,
            503, 504);

    /** Some leaves of a captured list: numbers and texts as durations, virtual fields, exclusions, several of one id. */
    private static String products() {
        Set<String> wanted = Set.of("wan2.6-t2v", "kling-video-o1", "ima-pro", "Pixverse V5.5", "Pixverse V5");
        try (InputStream in = ImaProviderFactory.class.getResourceAsStream("ima_products_text_to_video.tree.json")) {
            JsonNode list = MAPPER.readTree(in);
            prune(list.path("data"), wanted);
            return list.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prune(JsonNode nodes, Set<String> wanted) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            JsonNode node = nodes.get(i);
            prune(node.path("children"), wanted);
            boolean isGroup = node.path("children").size() > 0;
            if (!isGroup && !wanted.contains(node.path("id").asText())) {
                ((ArrayNode) nodes).remove(i);
            } else if (node instanceof ObjectNode object) {
                object.remove(List.of("icon", "description"));
            }
        }
    }

    private static byte[] png() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static GenerationProvider provider(HttpGateway http) {
        AccountSettings account =
                AccountSettings.builder("ima", "ima").apiKey(Judge.KEY).build();
        return new ImaProviderFactory().create(new ProviderContext(account, http, () -> NOW, new Random(1)));
    }

    private static GenerationRequest request(Random random) {
        GenerationRequest.Builder request =
                GenerationRequest.builder().operation(Operation.TEXT_TO_VIDEO).prompt(Judge.PROMPT);
        switch (random.nextInt(4)) {
            case 0 -> request.model("kling-video-o1").parameter("quality", "1080p");
            case 1 -> request.model("pixverse");
            case 2 -> request.options(new GenerationOptions(5.0, "720p", "16:9", Judge.NEGATIVE, null, 1, null));
            default -> {
                // the defaults of the list
            }
        }
        return request.build();
    }

    private static int status(Random random) {
        return random.nextInt(5) < 3 ? 200 : List.copyOf(STATUSES).get(random.nextInt(STATUSES.size()));
    }

    private static boolean isList(HttpCall call) {
        return call.uri().getPath().endsWith("/product/list");
    }

    private static GatewayResponse ok(String body) {
        return StubGateway.response(200, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void productList() throws InterruptedException {
        Fuzz.run("ima-products", 8, (random, notes) -> {
            byte[] list = new JsonMutator(random, WORDS, WORDS).mutate(PRODUCTS);
            notes.add(new String(list, StandardCharsets.UTF_8));
            StubGateway http = new StubGateway(call -> isList(call) ? StubGateway.response(200, list) : ok(CREATED));
            GenerationProvider provider = provider(http);
            Object planned = Judge.OF_REQUEST.settled(() -> provider.plan(request(random), CallOptions.DEFAULT));
            Object models =
                    Judge.OF_REQUEST.settled(() -> provider.models(Operation.TEXT_TO_VIDEO, CallOptions.DEFAULT));
            if (models instanceof List<?> described) {
                described.forEach(m -> assertThat(((ModelInfo) m).id()).isNotBlank());
            }
            assertThat(http.creates).as("creates of a plan").isZero();
            if (planned instanceof PlannedGeneration plan) {
                if (plan.credits() != null) {
                    assertThat(plan.credits().signum()).as("price").isNotNegative();
                    assertThat(plan.credits().toString()).as("price").hasSizeLessThan(40);
                }
                if (Judge.OF_REQUEST.settled(plan::stage) instanceof ReadyGeneration ready) {
                    Judge.OF_REQUEST.settled(ready::submit);
                    assertThat(http.creates).as("creates of a submit").isEqualTo(1);
                }
            }
        });
    }

    @Test
    void createResponse() throws InterruptedException {
        GatewayResponse[] next = {ok(CREATED)};
        StubGateway http = new StubGateway(call -> isList(call) ? ok(PRODUCTS) : next[0]);
        GenerationRequest asked = GenerationRequest.builder()
                .operation(Operation.TEXT_TO_VIDEO)
                .prompt(Judge.PROMPT)
                .options(new GenerationOptions(null, null, null, Judge.NEGATIVE, null, null, null))
                .build();
        PlannedGeneration plan = (PlannedGeneration)
                Judge.OF_REQUEST.settled(() -> provider(http).plan(asked, CallOptions.DEFAULT));
        ReadyGeneration ready = (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
        Fuzz.run("ima-create", 48, (random, notes) -> {
            byte[] body = new JsonMutator(random, WORDS, Judge.KNOWN)
                    .mutate(CREATE_SAMPLES.get(random.nextInt(CREATE_SAMPLES.size())));
            int status = status(random);
            notes.add("HTTP " + status + " " + new String(body, StandardCharsets.UTF_8));
            next[0] = StubGateway.response(status, body);
            http.creates = 0;
            Object outcome = Judge.OF_REQUEST.settled(ready::submit);
            assertThat(http.creates).as("creates of a submit").isEqualTo(1);
            assertThat(outcome).isInstanceOf(SubmitOutcome.class);
            JsonNode said = Judge.object(body);
            boolean named = said != null && Judge.isText(said.at("/data/id"));
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, named);
        });
    }

    @Test
    void pollResponse() throws InterruptedException {
        GatewayResponse[] next = {ok(CREATED)};
        StubGateway http = new StubGateway(call -> isList(call) ? ok(PRODUCTS) : next[0]);
        GenerationProvider provider = provider(http);
        SubmittedTask task = new SubmittedTask("r1", "task_abc123", Operation.TEXT_TO_VIDEO, "wan2.6-t2v", null);
        Fuzz.run("ima-poll", 34, (random, notes) -> {
            byte[] body = new JsonMutator(random, WORDS, Judge.QUOTED_TO_A_POLL)
                    .mutate(POLL_SAMPLES.get(random.nextInt(POLL_SAMPLES.size())));
            int status = status(random);
            notes.add("HTTP " + status + " " + new String(body, StandardCharsets.UTF_8));
            next[0] = StubGateway.response(status, body);
            Judge judge = Judge.ofPoll(body, "/data/prompt");
            Object outcome = judge.settled(() -> provider.poll(task, CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(PollOutcome.class);
            boolean speaks = Judge.isObject(body);
            Outcomes.judge(judge, (PollOutcome) outcome, speaks);
            assertThat(http.creates).as("creates of a poll").isZero();
        });
    }

    @Test
    void uploadToken() throws InterruptedException {
        Fuzz.run("ima-token", 14, (random, notes) -> {
            byte[] body = new JsonMutator(random, WORDS, List.of(Judge.KEY, Judge.PRESIGNED)).mutate(TOKEN);
            notes.add(new String(body, StandardCharsets.UTF_8));
            List<HttpCall> puts = new ArrayList<>();
            StubGateway http = new StubGateway(call -> {
                if (call.method().equals("PUT")) {
                    puts.add(call);
                    int status = random.nextInt(4) == 0 ? status(random) : 200;
                    return StubGateway.response(
                            status, ("<Error>" + call.uri() + "</Error>").getBytes(StandardCharsets.UTF_8));
                }
                return StubGateway.response(200, body);
            });
            MediaInput picture = MediaInput.of(new MediaSource.Bytes(PNG, "a.png", "image/png"));
            Object url = Judge.OF_REQUEST.settled(() -> provider(http).upload(picture, CallOptions.DEFAULT));
            if (url instanceof URI uri) {
                assertThat(uri.getScheme()).isIn("http", "https");
                assertThat(HttpUris.host(uri)).isNotNull();
                assertThat(uri.toString()).hasSizeLessThan(8193);
                assertThat(puts).as("an upload before its address").isNotEmpty();
            } else {
                assertThat(url).isInstanceOf(GenvideoException.class);
            }
            for (HttpCall put : puts) {
                assertThat(put.uri().getScheme()).isIn("http", "https");
                assertThat(put.headers().toString())
                        .as("headers to the storage")
                        .doesNotContain(Judge.KEY);
            }
        });
    }
}
