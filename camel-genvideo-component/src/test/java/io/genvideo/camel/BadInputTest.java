/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.Paid;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid input is refused before it costs anything, with a message that names the value and what is allowed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String TEXT = "text_to_video?model=Wan 2.6";
    private static final String IMAGE = "image_to_video?prompt=slowly";
    private static final String FRAMES = "first_last_frame_to_video?prompt=slowly";

    private final ImaContext ima = new ImaContext();

    @BeforeAll
    void start() {
        ima.start();
    }

    @AfterAll
    void nothingWasPaid() {
        ima.assertCharged(0);
        ima.close();
    }

    static Stream<Arguments> exchanges() {
        byte[] picture = ImaContext.picture(1);
        return Stream.of(
                row(TEXT, null, Map.of(), "prompt"),
                row(TEXT, "  ", Map.of(), "prompt"),
                row(
                        TEXT + "&duration=7",
                        "a lake",
                        Map.of(),
                        "duration=7 is not allowed for Wan 2.6; allowed: 5, 10, 15"),
                row(
                        TEXT,
                        "x",
                        header("Duration", "long"),
                        "header CamelGenvideoDuration is 'long', it must be a number"),
                row(
                        TEXT,
                        "x",
                        header("Duration", List.of()),
                        "header CamelGenvideoDuration is a ListN, it must be a number"),
                row(TEXT, "x", header("Count", "two"), "header CamelGenvideoCount is 'two', it must be a whole number"),
                row(
                        TEXT,
                        "x",
                        header("Count", 0),
                        "'count' (option or header CamelGenvideoCount) is 0, it must be at least 1"),
                row(TEXT, "x", header("Count", 99), "count", "99"),
                row(TEXT, "x", header("Seed", "s"), "header CamelGenvideoSeed is 's', it must be a whole number"),
                row(
                        TEXT,
                        "x",
                        header("Audio", "loud"),
                        "header CamelGenvideoAudio is 'loud', it must be true or false"),
                row(
                        TEXT,
                        "x",
                        header("MaxCredits", "ten"),
                        "header CamelGenvideoMaxCredits is 'ten', it must be a number"),
                row(
                        TEXT,
                        "x",
                        header("Resolution", "8K"),
                        "resolution=8K is not allowed for Wan 2.6; allowed: 720P, 1080P"),
                row(TEXT, "x", header("AspectRatio", "5:1"), "5:1", "allowed:", "16:9"),
                row(
                        TEXT,
                        "x",
                        header("Model", "Nonsense 9"),
                        "model=Nonsense 9 is not in IMA Studio's list for text_to_video; option model takes"),
                row(
                        TEXT,
                        "x",
                        header("Parameters", "a=b"),
                        "header CamelGenvideoParameters is a String, it must be a Map"),
                row(TEXT, "x", header("Parameters", Map.of("colour", "red")), "colour", "shot_type"),
                row(
                        TEXT,
                        "x",
                        header("Reference", 5),
                        "header CamelGenvideoReference is a Integer; it must be a String or a flat Map"),
                row(
                        TEXT,
                        "x",
                        header("Reference", "r".repeat(5000)),
                        "header CamelGenvideoReference has 5000 bytes",
                        "4 KB"),
                row(
                        TEXT,
                        "x",
                        header("Reference", Map.of("a", List.of())),
                        "has an entry 'a' that is no text, number or boolean"),
                row(
                        TEXT,
                        "x",
                        header("IdempotencyKey", "k".repeat(600)),
                        "'idempotencyKey' (header CamelGenvideoIdempotencyKey) has 600 characters, at most 512"),
                row(TEXT, "x", header("IdempotencyKey", "a\u0000b"), "CamelGenvideoIdempotencyKey", "NUL"),
                row(TEXT, "a lake \uD800", Map.of(), "'prompt' (header CamelGenvideoPrompt)", "surrogate pair"),
                row(TEXT, "x", header("Model", "m".repeat(600)), "CamelGenvideoModel", "600 characters, at most 512"),
                row(TEXT, "x", header("UserId", "u\u0000"), "'userId' (header CamelGenvideoUserId)", "NUL"),
                row(TEXT, "x", header("MaxCredits", "1e-999999999"), "CamelGenvideoMaxCredits", "digits"),
                row(TEXT, "x", header("Reference", "r\u0000"), "header CamelGenvideoReference", "NUL"),
                row(TEXT, "x", header("Reference", "\uDC00"), "header CamelGenvideoReference", "surrogate pair"),
                row(
                        TEXT,
                        "x",
                        header("Reference", Map.of("price", Double.NaN)),
                        "header CamelGenvideoReference",
                        "an entry 'price'"),
                row(
                        TEXT + "&idempotency=required",
                        "x",
                        Map.of(),
                        "idempotency=required",
                        "header CamelGenvideoIdempotencyKey"),
                row(TEXT, "x", header("Inputs", picture), "inputs: 1 given, but text_to_video with Wan 2.6 takes none"),
                row(IMAGE, null, Map.of(), "inputs: 0 given, but image_to_video with Wan 2.6 takes at least 1"),
                row(
                        IMAGE,
                        "a picture of a lake",
                        Map.of(),
                        "the body is a text of 19 characters where a medium is expected: a file, path, stream"),
                row(IMAGE, new byte[0], Map.of(), "the body is empty where a medium is expected"),
                row(
                        IMAGE,
                        new ByteArrayInputStream(new byte[0]),
                        Map.of(),
                        "the body is an empty stream where a medium is expected"),
                row(
                        IMAGE,
                        Path.of("/no/such/lake.png"),
                        Map.of(),
                        "the body names the file 'lake.png', which does not exist"),
                row(IMAGE, 42, Map.of(), "the body is a java.lang.Integer where a medium is expected"),
                row(IMAGE, Arrays.asList(picture, null), Map.of(), "the body holds no medium where one is expected"),
                row(IMAGE, "http://", Map.of(), "the body is a URL that can't be read"),
                row(IMAGE, "https:///x.png", Map.of(), "the body is a URL without a host"),
                row(
                        IMAGE,
                        Map.of("hero", picture),
                        Map.of(),
                        "the body has a medium for the role 'hero'; there are first_frame, last_frame, reference, image, video, audio"),
                row(
                        IMAGE,
                        Map.of("last_frame", picture),
                        Map.of(),
                        "has the role last_frame, but image_to_video takes"),
                row(
                        IMAGE,
                        null,
                        header("Inputs", "lake.png"),
                        "the header CamelGenvideoInputs is a text of 8 characters"),
                row(FRAMES, picture, Map.of(), "inputs: 1 given", "takes exactly 2 (first frame, then last frame)"),
                row("task", null, Map.of(), "'task' needs the header CamelGenvideoTaskId"),
                row("result", null, header("TaskId", " "), "'result' needs the header CamelGenvideoTaskId"),
                row("upload", null, Map.of(), "there is nothing to upload: the body is empty"),
                row("upload", List.of(), Map.of(), "there is nothing to upload: the body is an empty list"),
                row(
                        "describe",
                        null,
                        Map.of(),
                        "'describe' needs the option 'model' or the header CamelGenvideoModel"));
    }

    @ParameterizedTest(name = "{index} {0} {3}")
    @MethodSource("exchanges")
    void refusesInvalidInput(String endpoint, Object body, Map<String, Object> headers, List<String> messages) {
        Exchange done = ima.send("genvideo:ima/" + endpoint, body, headers);

        assertThat(done.getException())
                .isInstanceOf(InvalidGenerationRequestException.class)
                .message()
                .contains(messages);
        GenvideoException error = (GenvideoException) done.getException();
        assertThat(error.getPaid()).isEqualTo(Paid.NO);
        assertThat(error.isRetryable()).isFalse();
    }

    private static Arguments row(String endpoint, Object body, Map<String, Object> headers, String... messages) {
        return arguments(endpoint, body, new HashMap<>(headers), List.of(messages));
    }

    private static Map<String, Object> header(String name, Object value) {
        return Map.of("CamelGenvideo" + name, value);
    }
}
