/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/nemo.md section 6: both shapes of events say the same. */
class ChatTranscriptTest {
    private static final String NOISE = "I encountered a temporary issue, please try again.";

    private static ChatTranscript of(String... events) {
        ChatTranscript transcript = new ChatTranscript();
        Arrays.stream(events).map(ChatEvent::of).forEach(transcript::add);
        return transcript;
    }

    private static String typed(String text) {
        return "{\"type\":\"text\",\"content\":\"" + text + "\"}";
    }

    private static String adk(String text, boolean partial) {
        return "{\"id\":\"1\",\"author\":\"nemo_agent\"," + (partial ? "\"partial\":true," : "")
                + "\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text + "\"}]}}";
    }

    @Test
    void readsTypedEvents() {
        ChatTranscript transcript = of(
                "heartbeat",
                typed("I make the clip."),
                "{\"type\":\"tool_call\",\"name\":\"generate_video_with_seedance\",\"args\":{}}",
                "{\"type\":\"heartbeat\"}",
                "{\"type\":\"tool_result\",\"name\":\"edit_multitrack\",\"result\":{\"text\":\"no reply\"}}",
                typed("Done."));

        assertThat(transcript.text()).isEqualTo("I make the clip.\nDone.");
        assertThat(transcript.tools()).containsExactly("generate_video_with_seedance", "edit_multitrack");
        assertThat(transcript.error()).isNull();
    }

    @Test
    void readsAdkEventsAndPrintsNothingTwice() {
        ChatTranscript transcript = of(
                adk("I make ", true),
                adk("the clip.", true),
                adk("I make the clip.", false),
                "{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"edit_multitrack\",\"args\":{}}}]}}",
                "{\"content\":{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"edit_multitrack\"}},"
                        + "{\"text\":\"not the service's\"}]}}",
                adk("Done.", false));

        assertThat(transcript.text()).isEqualTo("I make the clip.\nDone.");
        assertThat(transcript.tools()).containsExactly("edit_multitrack");
    }

    @Test
    void partsWhoseWholeNeverCameCount() {
        assertThat(of(adk("I make ", true), adk("the", true)).text()).isEqualTo("I make the");
    }

    @Test
    void noiseAtTheEndIsDropped() {
        assertThat(of(typed("Done."), typed(NOISE)).text()).isEqualTo("Done.");
        assertThat(of(adk("Done.", false), adk(NOISE, true)).text()).isEqualTo("Done.");
        assertThat(of(typed(NOISE)).text()).isEqualTo(NOISE);
    }

    @Test
    void lastErrorCountsUnlessTheServiceGoesOn() {
        assertThat(of(typed("Working."), "{\"error\":\"quota\"}").error().text())
                .isEqualTo("quota");
        assertThat(of("{\"error\":\"quota\"}", "{\"type\":\"heartbeat\"}").error())
                .isNotNull();
        assertThat(of("{\"error\":\"quota\"}", typed("Done.")).error()).isNull();
        assertThat(of("{\"type\":\"error\",\"content\":\"quota\"}").error().text())
                .isEqualTo("quota");
    }

    @Test
    void isBounded() {
        String[] many = new String[3000];
        Arrays.fill(many, typed("x".repeat(100)));

        assertThat(of(many).text()).hasSizeLessThanOrEqualTo(20_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Now click the Export button.; export",
                "点击导出按钮; export",
                "Drag the clip to the timeline.; state",
                "Click Upload to add music.; upload",
                "打开设置; chat"
            })
    void wordsAboutAUserInterfaceAreOperations(String sentence, String operation) {
        assertThat(EditorActions.in("I have made it. " + sentence))
                .containsExactly(Map.of("text", sentence, "operation", operation));
    }

    @Test
    void otherWordsAreNoActions() {
        assertThat(EditorActions.in("I exported nothing. The music plays for 5 s. Shall I go on?"))
                .isEqualTo(List.of());
    }
}
