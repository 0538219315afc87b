/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.schema.SchemaField;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An OpenAPI document that is written to do harm is read in bounded time, and what it describes well stays. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class SkillsvideoHostileDocumentTest {

    private static List<SkillsvideoModel> models(String schemas, String path, String schema) {
        return OpenApiReader.models("{\"components\":{\"schemas\":{" + schemas + "}},\"paths\":{\"" + path
                + "\":{\"post\":{\"requestBody\":{\"content\":{\"application/json\":{\"schema\":" + schema + "}}}}}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"allOf", "anyOf", "oneOf"})
    void selfReferencesAreFollowedABoundedNumberOfTimes(String word) {
        String references = String.join(",", Collections.nCopies(12, "{\"$ref\":\"#/components/schemas/A\"}"));
        String schema = "\"A\":{\"" + word + "\":[" + references + "],\"properties\":{\"prompt\":{\"" + word + "\":["
                + references + "]}}}";

        List<SkillsvideoModel> models =
                models(schema, "/generation/new/model", "{\"$ref\":\"#/components/schemas/A\"}");

        assertThat(models).extracting(SkillsvideoModel::id).containsExactly("new/model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e200000000", "1e-100000000", "1e999"})
    void ignoresAbsurdLimits(String number) {
        SkillsvideoModel model = models(
                        "",
                        "/generation/new/model",
                        "{\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":" + number + ",\"maximum\":" + number
                                + ",\"default\":" + number + ",\"enum\":[" + number + "]}}}")
                .get(0);

        SchemaField field = model.field("n").orElseThrow();
        assertThat(field.least()).isNull();
        assertThat(field.most()).isNull();
        assertThat(field.preset()).isNull();
        assertThat(ModelDescriber.describe(model, Operation.GENERATE).parameters())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "/generation/a/b,a/b",
        "/v1/generation/a/b/c,a/b/c",
        "/generation/sse/a/b,a/b",
        "/generation/a_b/C-1.0,a_b/C-1.0"
    })
    void namesTheModelOfAPath(String path, String id) {
        assertThat(models("", path, "{}").get(0).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/generation/a",
                "/generation/../b",
                "/generation/a/..",
                "/generation/a//b",
                "/generation/a/b?c",
                "/generation/a/{id}",
                "/generation/sse/sse/a/b",
                "/generation/",
                "/other/a/b"
            })
    void ignoresOtherPaths(String path) {
        assertThatThrownBy(() -> models("", path, "{}"))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("no endpoint POST /generation/<model>");
    }

    @Test
    void readsHostilePathsInTime() {
        for (String part : new String[] {"a", "a/", "-", "/generation/", "a-"}) {
            String path = "/generation/" + part.repeat(1_000_000 / part.length()) + "!";
            assertThatThrownBy(() -> models("", path, "{}")).isInstanceOf(InvalidGenerationRequestException.class);
        }
    }

    @Test
    void veryManyModelsAreRefused() {
        StringBuilder paths = new StringBuilder();
        for (int i = 0; i < 1001; i++) {
            paths.append(i == 0 ? "" : ",").append("\"/generation/a/").append(i).append("\":{\"post\":{}}");
        }

        assertThatThrownBy(() -> OpenApiReader.models("{\"paths\":{" + paths + "}}"))
                .isInstanceOf(InvalidGenerationRequestException.class)
                .hasMessageContaining("more than 1000 models");
    }
}
