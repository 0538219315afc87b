/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign text is bounded, on one line, and holds neither credentials nor prompts nor signatures. */
class TextSanitizerTest {
    private static final String PROMPT = "A red kite above a very secret harbour, at dawn";
    private static final String KEY = "ima_0123456789abcdef";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cannot read A red kite above a very secret harbour, at dawn!|cannot read …!",
                "cannot read 'a RED kite above a'|cannot read '…'",
                "near ` very secret har`: bad|near `…`: bad",
                "red and secret are fine|red and secret are fine"
            })
    void hidesThePromptAlsoInPart(String text, String shown) {
        assertThat(TextSanitizer.clean(text, 300, List.of(PROMPT))).isEqualTo(shown);
    }

    @Test
    void hidesThePromptWhateverItsWhiteSpace() {
        String quoted = PROMPT.replace(" ", "\n\t ");

        assertThat(TextSanitizer.clean("bad: " + quoted, 300, List.of(PROMPT))).isEqualTo("bad: …");
        assertThat(TextSanitizer.clean("bad: " + PROMPT, 300, List.of(quoted))).isEqualTo("bad: …");
    }

    @Test
    void hidesAFewCharactersOfAPromptInADenseScript() {
        assertThat(TextSanitizer.clean("内容「红色的风筝」违规", 300, List.of("一只红色的风筝飞过秘密的港口")))
                .isEqualTo("内容「…」违规");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "the prompt \"a naked truth\" is refused|the prompt \"…\" is refused",
                "Prompt contains: 'a naked truth', sorry|Prompt contains: '…', sorry",
                "field 'prompt' is missing|field 'prompt' is missing",
                "prompt is too long|prompt is too long",
                "prompt: \"cut off in the mid|prompt: \"…"
            })
    void hidesWhatIsQuotedAsAPromptThatNobodyKnows(String text, String shown) {
        assertThat(TextSanitizer.clean(text, 300)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "see https://h.example/a/b.png?Signature=presigned&Expires=1 now|see https://h.example/a/b.png?… now",
                "(http://h/x?sig=1)|(http://h/x?…)",
                "\"https://user:secret@h/x#frag\"|\"https://h/x#…\"",
                "https://h/x and http://h/y?z|https://h/x and http://h/y?…",
                "X-Amz-Signature=abcdef0123&a=1|X-Amz-Signature=…&a=1",
                "path /x?OSSAccessKeyId=a&Signature=presigned-secret|path /x?OSSAccessKeyId=a&Signature=…",
                "token=abc, sign=def|token=… sign=…",
                "Authorization: Bearer abc.def-ghi is wrong|Authorization: Bearer … is wrong",
                "design=modern|design=modern"
            })
    void hidesQueriesSignaturesAndCredentials(String text, String shown) {
        assertThat(TextSanitizer.clean(text, 300)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h/a.png?Expires=1&Signature=\u0099presigned-secret",
                "https://h/a.png?Expires=1&Signature=\npresigned-secret",
                "https://h/a.png?Expires=1&Signature= presigned-secret",
                "https://h/a.png?Expires=1&Signature=)presigned-secret",
                "https://h/a.png?Expires=1&Signature=\u0001 \u0001presigned-secret",
                "https://h/a.png?Expires=1&Sig nature=presigned-secret",
                "https://h/a.png?Expires=1&Sig\u0000nature=presigned-secret",
                "https://h/a.png?Expires=1] \"&Sig\u200dnature=presigned-secret",
                "/a.png?Signature=\u0099presigned-secret",
                "/a.png?Signature=presigned-\u0099secret",
                "/a.png?Signature='presigned-secret'",
                "token=[presigned-secret]"
            })
    void hidesASignatureThatIsTornFromItsQuery(String text) {
        assertThat(TextSanitizer.clean("amount " + text + ": components", 300)).doesNotContain("secret");
    }

    @Test
    void hidesATornCredentialInAMessageOfOurs() {
        assertThat(TextSanitizer.message("refused: token=\u0099secret", 300)).isEqualTo("refused: token=…");
    }

    @Test
    void keepsTheTextBehindAQuery() {
        assertThat(TextSanitizer.clean("https://h/x?a=b is gone (see https://h/y?c=d), sorry", 300))
                .isEqualTo("https://h/x?… is gone (see https://h/y?…), sorry");
    }

    @Test
    void hidesAKeyAlsoInPart() {
        assertThat(TextSanitizer.clean("key " + KEY + " or " + KEY.substring(0, 14) + "***", 300, List.of(KEY)))
                .isEqualTo("key … or …***");
    }

    @Test
    void isOneBoundedLineWithoutControlCharacters() {
        assertThat(TextSanitizer.clean(" a\r\nb\u0000c\u001b[31m\u202ed\ud800e\u2028f\tg ", 300))
                .isEqualTo("a b c [31mde f g");
        assertThat(TextSanitizer.clean("x".repeat(1_000_000), 300)).hasSize(300).endsWith("x...");
        assertThat(TextSanitizer.clean("\ud83d\ude00".repeat(200), 300)).hasSizeLessThanOrEqualTo(300);
        assertThatCode(() -> TextSanitizer.clean("\ud83d\ude00".repeat(200), 300)
                        .codePoints()
                        .forEach(c -> assertThat(Character.getType(c)).isNotEqualTo((int) Character.SURROGATE)))
                .doesNotThrowAnyException();
    }

    /** Issue 9: 200 KB of addresses took 22 s, a 40 KB message overflowed a regular expression. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http://http://",
                "a?",
                "prompt '",
                "prompt",
                "\"",
                "x=",
                "token=",
                "bearer ",
                "?a= ",
                "://h?a= ",
                "://h?a b=",
                "://",
                "aA"
            })
    void isLinear(String part) {
        String text = part.repeat(1_000_000 / part.length());
        String hidden = "http://prompt 'token=bearer ".repeat(10_000);

        Assertions.assertThat(Duration.ofNanos(time(() -> TextSanitizer.clean(text, 2000, List.of(hidden, text)))))
                .isLessThan(Duration.ofSeconds(2));
    }

    private static long time(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return System.nanoTime() - began;
    }

    @Test
    void aRawAnswerLosesItsPromptsWhereverTheyAreQuoted() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("prompt", PROMPT);
        raw.put("Negative_Prompt", "no visible wires anywhere");
        raw.put("id", 7);
        raw.put("nothing", null);
        raw.put(
                "medias",
                Arrays.asList(
                        Map.of(
                                "error_msg",
                                "cannot: red kite above a very",
                                "url",
                                "https://h/x.mp4?Signature=presigned"),
                        null));
        raw.put("remark", List.of("saw no visible wires", "x".repeat(5000), "key " + KEY));

        Map<String, Object> kept = TextSanitizer.cleanAnswer(raw, List.of(KEY));

        assertThat(kept.toString())
                .doesNotContain("kite", "visible wires", "presigned", KEY)
                .hasSizeLessThan(2500);
        assertThat(kept)
                .containsKeys("id", "nothing", "medias", "remark")
                .doesNotContainKeys("prompt", "Negative_Prompt");
        assertThat(kept.get("id")).isEqualTo(7);
        assertThat(kept.get("medias").toString()).contains("cannot:…", "https://h/x.mp4?…");
    }
}
