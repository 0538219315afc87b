/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests are equal (docs/design.md section 4.3). */
class FingerprintTest {
    private static final GenerationRequest REQUEST = GenerationRequest.builder()
            .model("wan")
            .prompt("a cat")
            .options(new GenerationOptions(5.0, "720p", "16:9", "blur", 7L, 2, true))
            .parameter("style", "anime")
            .userId("ann")
            .build();

    private static String of(GenerationRequest request) {
        try {
            return Fingerprint.of(Operation.TEXT_TO_VIDEO, request);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String ofParameter(Object value) {
        return of(GenerationRequest.builder().parameter("p", value).build());
    }

    private static String ofInputs(MediaInput... inputs) {
        return of(GenerationRequest.builder().inputs(List.of(inputs)).build());
    }

    private static MediaInput url(String url) {
        return MediaInput.of(new MediaSource.Url(URI.create(url)));
    }

    private static MediaInput bytes(String content, String name) {
        return MediaInput.of(new MediaSource.Bytes(content.getBytes(StandardCharsets.UTF_8), name, null));
    }

    /** Journals outlive versions of this project: a change of this value gives every key that is in use away. */
    @Test
    void itIsTheSameInEveryVersion() {
        assertThat(of(REQUEST)).isEqualTo("45c2711d0a6b5c3bfca3a349f39b10ed91ff52fe6e233eafd31c781b02ad106a");
    }

    @Test
    void theSequenceOfParametersDoesNotMatterAtAnyDepth() {
        Map<String, Object> forth = new LinkedHashMap<>();
        forth.put("a", 1);
        forth.put("b", Map.of("x", 1, "y", 2));
        Map<String, Object> back = new LinkedHashMap<>();
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("y", 2);
        nested.put("x", 1);
        back.put("b", nested);
        back.put("a", 1);
        assertThat(of(GenerationRequest.builder().parameters(forth).build()))
                .isEqualTo(of(GenerationRequest.builder().parameters(back).build()));
        assertThat(ofParameter(List.of(forth))).isEqualTo(ofParameter(List.of(back)));
    }

    @Test
    void theSequenceOfInputsMatters() {
        MediaInput a = url("https://media.example/a.png");
        MediaInput b = url("https://media.example/b.png");
        assertThat(ofInputs(a, b)).isNotEqualTo(ofInputs(b, a));
    }

    static List<UnaryOperator<GenerationRequest.Builder>> changes() {
        return List.of(
                b -> b.model("other"),
                b -> b.model(null),
                b -> b.prompt("a dog"),
                b -> b.prompt(null),
                b -> b.userId("bob"),
                b -> b.parameter("style", "oil"),
                b -> b.parameter("more", "1"),
                b -> b.input(url("https://media.example/a.png")),
                b -> b.options(new GenerationOptions(6.0, "720p", "16:9", "blur", 7L, 2, true)),
                b -> b.options(new GenerationOptions(5.0, "480p", "16:9", "blur", 7L, 2, true)),
                b -> b.options(new GenerationOptions(5.0, "720p", "9:16", "blur", 7L, 2, true)),
                b -> b.options(new GenerationOptions(5.0, "720p", "16:9", "noise", 7L, 2, true)),
                b -> b.options(new GenerationOptions(5.0, "720p", "16:9", "blur", 8L, 2, true)),
                b -> b.options(new GenerationOptions(5.0, "720p", "16:9", "blur", 7L, 3, true)),
                b -> b.options(new GenerationOptions(5.0, "720p", "16:9", "blur", 7L, 2, false)),
                b -> b.options(GenerationOptions.NONE));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyFieldOfTheWishCounts(UnaryOperator<GenerationRequest.Builder> change) {
        assertThat(of(change.apply(REQUEST.toBuilder()).build())).isNotEqualTo(of(REQUEST));
    }

    @Test
    void theOperationCounts() throws IOException {
        assertThat(Fingerprint.of(Operation.IMAGE_TO_VIDEO, REQUEST)).isNotEqualTo(of(REQUEST));
    }

    @Test
    void whatIsNotPartOfTheWishDoesNotCount() {
        assertThat(of(REQUEST.toBuilder()
                        .maxCredits(BigDecimal.TEN)
                        .idempotencyKey("k")
                        .build()))
                .isEqualTo(of(REQUEST));
    }

    static List<Arguments> sameSpellings() {
        return List.of(
                Arguments.of(5, "5"),
                Arguments.of(5, 5.0),
                Arguments.of(5L, "5.00"),
                Arguments.of(5f, 5),
                Arguments.of(0.5, "0.5"),
                Arguments.of(-0.0, 0),
                Arguments.of(10_000_000_000d, 10_000_000_000L),
                Arguments.of(new BigDecimal("1E+1").toPlainString(), 10),
                Arguments.of(true, "true"),
                Arguments.of(List.of(1, 2), new int[] {1, 2}),
                Arguments.of(List.of(1, 2), List.of("1", 2.0)),
                Arguments.of(Map.of("a", 1), Map.of("a", "1.0")));
    }

    @ParameterizedTest
    @MethodSource("sameSpellings")
    void theSameValueIsTheSameWishHoweverItIsSpelled(Object one, Object other) {
        assertThat(ofParameter(one)).isEqualTo(ofParameter(other));
    }

    static List<Arguments> differentValues() {
        return List.of(
                Arguments.of("007", "7"),
                Arguments.of("5", "5s"),
                Arguments.of("5", " 5"),
                Arguments.of(List.of("a", "b"), List.of("a, b")),
                Arguments.of(List.of("a", "b"), "[a, b]"),
                Arguments.of(Map.of("a", "1, b=2"), Map.of("a", "1", "b", "2")),
                Arguments.of(Map.of("a", 1), "{a=1}"),
                Arguments.of(List.of(1, 2), List.of(2, 1)),
                Arguments.of(new byte[] {1}, new byte[] {2}));
    }

    @ParameterizedTest
    @MethodSource("differentValues")
    void similarRequestsHaveDifferentFingerprints(Object one, Object other) {
        assertThat(ofParameter(one)).isNotEqualTo(ofParameter(other));
    }

    @Test
    void bytesCountByTheirContentAndNotByTheirName() {
        assertThat(ofInputs(bytes("x", "a.png"))).isEqualTo(ofInputs(bytes("x", "b.png")));
        assertThat(ofInputs(bytes("x", "a.png"))).isNotEqualTo(ofInputs(bytes("y", "a.png")));
    }

    @Test
    void aFileCountsByItsPathSizeAndTime(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("a.png"), "xx");
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, time);
        MediaInput input = MediaInput.of(new MediaSource.Local(file, null));
        String before = ofInputs(input);

        assertThat(ofInputs(MediaInput.of(new MediaSource.Local(dir.resolve("./a.png"), null))))
                .isEqualTo(before);
        assertThat(ofInputs(bytes("xx", "a.png"))).isNotEqualTo(before);
        Files.writeString(file, "yyy");
        Files.setLastModifiedTime(file, time);
        assertThat(ofInputs(input)).isNotEqualTo(before);
        Files.writeString(file, "xx");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:01Z")));
        assertThat(ofInputs(input)).isNotEqualTo(before);
    }

    @Test
    void aFileThatIsGoneIsAnError(@TempDir Path dir) {
        GenerationRequest request = GenerationRequest.builder()
                .input(MediaInput.of(new MediaSource.Local(dir.resolve("gone.png"), null)))
                .build();
        assertThatThrownBy(() -> Fingerprint.of(Operation.IMAGE_TO_VIDEO, request))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theRoleOfAnInputCounts() {
        MediaSource source = new MediaSource.Url(URI.create("https://media.example/a.png"));
        assertThat(ofInputs(new MediaInput(MediaRole.FIRST_FRAME, source)))
                .isNotEqualTo(ofInputs(new MediaInput(MediaRole.LAST_FRAME, source)));
    }

    @Test
    void partsOfASourceIdentityDoNotRunIntoEachOther() {
        assertThat(Fingerprint.of("ab", "c")).isNotEqualTo(Fingerprint.of("a", "bc"));
        assertThat(Fingerprint.of("a", "b")).isEqualTo(Fingerprint.of("a", "b")).hasSize(64);
    }
}
