/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped definition is the table of docs/contracts/mediaio.md section 7, and everything in it can be sent. */
class MediaioDefinitionTest extends MediaioTestSupport {
    static final List<MediaioModel> MODELS = new MediaioCatalogue().models();
    private static final Path CONTRACT = Path.of("..", "docs", "contracts", "mediaio.md");
    private static final Pattern ROW = Pattern.compile("\\| \\d+ \\| `([^`]+)` \\| `([^`]+)` \\| (.*) \\|");
    private static final Pattern LENGTH = Pattern.compile("≤ (\\d+) chars");

    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(CONTRACT)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1) + " " + row.group(2), row.group(3));
            }
        }
        return rows;
    }

    @Test
    void definitionIsTheTableOfTheContract() throws IOException {
        Map<String, String> documented = documented();
        assertThat(documented)
                .hasSize(24)
                .containsEntry("Credits /user/credits", "none")
                .containsEntry("Task Result /generation/result/{task_id}", "**task_id**");
        documented.keySet().removeIf(k -> k.startsWith("Credits") || k.startsWith("Task Result"));

        Map<String, String> shipped = new TreeMap<>();
        MODELS.forEach(m -> shipped.put(
                m.exactName() + " " + m.endpoint(),
                String.join(
                        "; ",
                        m.fields().stream().map(MediaioDefinitionTest::row).toList())));

        assertThat(shipped).isEqualTo(documented);
    }

    private static String row(FieldDefinition field) {
        String name = field.required() ? "**" + field.name() + "**" : field.name();
        return name
                + (field.isArray() ? " (array)" : "")
                + (field.maxLength() == null ? "" : " ≤ " + field.maxLength() + " chars")
                + (field.preset() == null ? "" : " = `" + field.preset() + "`")
                + (field.allowed().isEmpty() ? "" : " {" + String.join(", ", field.allowed()) + "}");
    }

    @Test
    void idIsTheLastPartOfThePathAndTheTaskTypeTheBeginningOfTheId() {
        Map<String, String> prefixes = Map.of(
                "t2i", "text_to_image", "i2i", "image_to_image", "i2v", "image_to_video", "t2v", "text_to_video");
        assertThat(MODELS).hasSize(22).allSatisfy(m -> {
            assertThat(m.endpoint()).startsWith("/generation/").endsWith("/" + m.id());
            assertThat(m.taskType().path()).isEqualTo(prefixes.get(m.id().substring(0, 3)));
        });
    }

    /** docs/contracts/mediaio.md section 6, row by row. */
    @Test
    void limitsOfMediaAreThoseOfTheContract() {
        assertThat(limits("i2v-wan-v2-6", "i2v-wan-v2-2", "i2v-wan-v2-5"))
                .isEqualTo("png jpeg jpg webp bmp, 10 MB, 300 to 2000, 0.4:1 to 2.5:1");
        assertThat(limits(
                        "i2v-minimax-02",
                        "i2v-minimax-v2-3",
                        "i2v-kling-v2-1",
                        "i2v-kling-v2-5-turbo",
                        "i2v-kling-v2-6",
                        "i2v-kling-v3-0"))
                .isEqualTo("png jpeg jpg webp gif heic, 20 MB, 300 to 4000, 0.4:1 to 2.5:1");
        assertThat(limits("i2v-vidu-q3")).isEqualTo("png jpeg jpg, 10 MB, 150 to 4000, 1:4 to 4:1");
        assertThat(limits("i2v-vidu-q2")).isEqualTo("png jpeg jpg webp gif heic, 10 MB, 150 to 4000, 1:4 to 4:1");
        assertThat(limits("i2v-veo-v3-1", "i2v-veo-v3-1-fast"))
                .isEqualTo("jpg jpeg png webp gif heic, 50 MB, 300 to 4000, 0.4:1 to 2:1");
        assertThat(limits("i2v-motion-control-kling-v2-6"))
                .isEqualTo("mp4 mov, 100 MB, 720 to 2160, null, png jpeg jpg, 10 MB, 300 to 4000, 1:2 to 2:1");
        assertThat(limits("i2i-banana", "i2i-banana-2")).isEqualTo("png jpeg jpg, 20 MB, 300 to 1280, 1:2 to 2:1");
        assertThat(limits("i2i-seedream-v4-0")).isEqualTo("png jpeg jpg, 10 MB, 300 to 1280, 3:10 to 3:1");
    }

    private static String limits(String... ids) {
        List<String> each = Stream.of(ids)
                .map(id -> String.join(
                        ", ",
                        model(id).mediaFields().stream()
                                .map(f -> limits(f.medium()))
                                .toList()))
                .distinct()
                .toList();
        assertThat(each).hasSize(1);
        return each.get(0);
    }

    private static String limits(MediaLimits limits) {
        return String.join(" ", limits.formats()) + ", " + limits.maxMegabytes() + " MB, "
                + limits.pixels().text() + ", "
                + (limits.ratio() == null ? null : limits.ratio().text());
    }

    static MediaioModel model(String id) {
        return new MediaioCatalogue().ofId(id).orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("MODELS")
    void everyGenerationIsSentWithWhatItNeedsOnly(MediaioModel model) {
        var call = call(request(model).build());

        assertThat(call.getUrl()).isEqualTo("/mediaio" + model.endpoint());
        assertThat(call.getHeader("X-API-KEY")).isEqualTo(KEY);
        assertThat(call.getHeader("Content-Type")).startsWith("application/json");
        JsonNode sent = sent(request(model).build());
        model.fields().forEach(f -> {
            boolean given = f.required() || f.name().equals("prompt");
            assertThat(sent.has(f.name())).as(f.name()).isEqualTo(given);
        });
    }

    /** Every value of every list, as one request each. */
    static Stream<GenerationRequest> everyValue() {
        List<GenerationRequest> requests = new ArrayList<>();
        for (MediaioModel model : MODELS) {
            for (FieldDefinition field : model.fields()) {
                for (String value : field.allowed()) {
                    requests.add(request(model).parameter(field.name(), value).build());
                }
            }
        }
        return requests.stream();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("everyValue")
    void everyListedValueIsSentAsItIs(GenerationRequest request) {
        Map.Entry<String, Object> parameter =
                request.parameters().entrySet().iterator().next();

        assertThat(sent(request).path(parameter.getKey()).asText()).isEqualTo(parameter.getValue());
        GenerationRequest lower = request.toBuilder()
                .parameter(
                        parameter.getKey(), String.valueOf(parameter.getValue()).toLowerCase(Locale.ROOT))
                .build();
        assertThat(sent(lower).path(parameter.getKey()).asText()).isEqualTo(parameter.getValue());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("MODELS")
    void everyOtherValueIsRefusedWithWhatIsAllowed(MediaioModel model) {
        for (FieldDefinition field : model.fields()) {
            if (!field.allowed().isEmpty()) {
                assertThat(refusal(request(model).parameter(field.name(), "7x").build()))
                        .isEqualTo("param." + field.name() + "=7x is not allowed for " + model.name() + "; allowed: "
                                + String.join(", ", field.allowed()));
            }
            if (field.maxLength() != null) {
                String longest = "é".repeat(field.maxLength());
                assertThat(sent(request(model).prompt(longest).build())
                                .path("prompt")
                                .asText())
                        .isEqualTo(longest);
                assertThat(refusal(request(model).prompt(longest + "!").build()))
                        .isEqualTo("prompt (" + (field.maxLength() + 1) + " characters) is not allowed for "
                                + model.name() + "; allowed: text of at most " + field.maxLength() + " characters");
            }
        }
        assertThat(refusal(request(model).parameter("strength", "0.5").build()))
                .startsWith("param.strength cannot be set: " + model.name() + " has no such parameter. " + model.name()
                        + " takes: ");
    }

    @Test
    void lengthsOfPromptsAreThoseOfTheContract() throws IOException {
        long limited = documented().values().stream()
                .filter(fields -> LENGTH.matcher(fields).find())
                .count();

        assertThat(limited).isEqualTo(22);
    }
}
