/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.fuzz.Fuzz;
import io.genvideo.fuzz.JsonMutator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Any bytes as an event stream, in any pieces: the parser finds the events that the standard defines, or refuses an event
 * that is too long, and nothing else.
 */
class EventStreamFuzzTest {
    /** What the definition of the standard, below, can read in far less than a second. */
    private static final int LONGEST_FRAME = 100_000;

    private static final List<Integer> LIMITS = List.of(20, 300, 5_000, 1_000_000);
    private static final List<String> LINE_ENDS = List.of("\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r", "");
    private static final List<String> FIELDS = List.of(
            "data: ",
            "data: ",
            "data: ",
            "data:",
            "data",
            "data :",
            " data: ",
            "Data: ",
            ": ",
            ":",
            "event: ",
            "id: ",
            "retry: ",
            "\ufeffdata: ",
            "\ufeff",
            "");
    private static final List<String> WORDS = List.of("id", "status", "data", "gen_123", "IN_QUEUE", ":", "\n", "");
    private static final String SAMPLE = "{\"id\":\"gen_123\",\"status\":\"IN_QUEUE\",\"data\":{\"n\":1}}";

    @Test
    void findsTheEventsOfTheStandard() throws InterruptedException {
        Fuzz.run("sse", 20, (random, notes) -> {
            byte[] stream = stream(random);
            int limit = LIMITS.get(random.nextInt(LIMITS.size()));
            boolean cutOff = random.nextInt(3) == 0;
            notes.add(
                    "at most " + limit + (cutOff ? ", cut off: " : ": ") + new String(stream, StandardCharsets.UTF_8));
            List<String> events = new ArrayList<>();
            SseParser parser = new SseParser(limit, events::add, () -> {});
            boolean refused = false;
            try {
                feedInPieces(parser, stream, random);
            } catch (Failures.PermanentException tooLong) {
                refused = true;
            }
            if (!refused && cutOff) {
                parser.cutOff();
            } else if (!refused) {
                parser.end();
            }
            Expected expected = Expected.of(stream, cutOff);
            assertThat(refused).as("refused").isEqualTo(expected.longestBlock > limit);
            if (refused) {
                assertThat(expected.events.subList(0, events.size())).isEqualTo(events);
            } else {
                assertThat(events).isEqualTo(expected.events);
            }
        });
    }

    private static byte[] stream(Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = random.nextInt(12); i >= 0; i--) {
            stream.writeBytes(any(FIELDS, random).getBytes(StandardCharsets.UTF_8));
            stream.writeBytes(value(random));
            stream.writeBytes(any(LINE_ENDS, random).getBytes(StandardCharsets.UTF_8));
        }
        return stream.toByteArray();
    }

    private static byte[] value(Random random) {
        switch (random.nextInt(6)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(40)];
                random.nextBytes(noise);
                return noise;
            }
            case 1 -> {
                return "x"
                        .repeat(random.nextInt(random.nextInt(40) == 0 ? 20_000 : 400))
                        .getBytes(StandardCharsets.UTF_8);
            }
            case 2 -> {
                return "\ud83d\ude00: \u00e4".repeat(random.nextInt(5)).getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                byte[] frame = new JsonMutator(random, WORDS, WORDS).mutate(SAMPLE);
                return frame.length <= LONGEST_FRAME ? frame : Arrays.copyOf(frame, LONGEST_FRAME);
            }
        }
    }

    private static void feedInPieces(SseParser parser, byte[] stream, Random random)
            throws Failures.PermanentException {
        int longest = random.nextBoolean() ? 3 : 1 + random.nextInt(5_000);
        for (int at = 0; at < stream.length; ) {
            int length = Math.min(stream.length - at, 1 + random.nextInt(longest));
            parser.feed(ByteBuffer.wrap(stream, at, length));
            at += length;
        }
    }

    private static String any(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The definition of the standard, read from the whole text at once. */
    private static final class Expected {
        private final List<String> events = new ArrayList<>();

        /** The bytes of the data lines of one event and of the line that follows, where they are the most. */
        private int longestBlock;

        static Expected of(byte[] stream, boolean cutOff) {
            Expected expected = new Expected();
            String[] lines = new String(stream, StandardCharsets.ISO_8859_1).split("\r\n|\r|\n", -1);
            List<String> data = new ArrayList<>();
            int dataBytes = 0;
            for (int i = 0; i < lines.length; i++) {
                expected.longestBlock = Math.max(expected.longestBlock, dataBytes + lines[i].length());
                if (i == lines.length - 1 && cutOff) {
                    continue;
                }
                String line = new String(lines[i].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                line = i == 0 && line.startsWith("\ufeff") ? line.substring(1) : line;
                if (line.isEmpty()) {
                    expected.dispatch(data);
                    dataBytes = 0;
                } else if (line.equals("data") || line.startsWith("data:")) {
                    data.add(line.replaceFirst("(?s)^data:? ?", ""));
                    dataBytes += lines[i].length();
                }
            }
            expected.dispatch(data);
            return expected;
        }

        private void dispatch(List<String> data) {
            String event = String.join("\n", data);
            data.clear();
            if (!event.isEmpty()) {
                events.add(event);
            }
        }
    }
}
