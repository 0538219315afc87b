/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Makes what a server may send behind the opening of a WebSocket: mostly well-formed frames (RFC 6455, section 5.2), with one
 * or a few rules broken: unknown opcodes, reserved bits, masks, lengths that are wrong or written too long, fragments out of
 * order, long control frames, texts that are no UTF-8, impossible close statuses.
 */
final class FrameGenerator {
    private static final int[] STATUSES = {1000, 1000, 1001, 1005, 1006, 1015, 999, 0, 65_535, 3000};

    private final SplittableRandom random;

    FrameGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    byte[] next() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = random.nextInt(8); i >= 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> fragments(frames);
                case 1 -> frame(frames, 0x80 | SocketPeer.PING, payload(random.nextInt(140)));
                case 2 -> frame(frames, 0x80 | SocketPeer.CLOSE, close());
                case 3 -> frame(frames, random.nextInt(256), payload(random.nextInt(300)));
                default -> frame(frames, 0x80 | SocketPeer.TEXT, payload(random.nextInt(2_000)));
            }
        }
        byte[] all = frames.toByteArray();
        if (random.nextInt(4) == 0) {
            all[random.nextInt(all.length)] = (byte) random.nextInt(256);
        }
        return all;
    }

    private void fragments(ByteArrayOutputStream frames) {
        int count = random.nextInt(random.nextInt(10) == 0 ? 300 : 5);
        frame(frames, SocketPeer.TEXT, payload(random.nextInt(100)));
        for (int i = 0; i < count; i++) {
            boolean wrong = random.nextInt(30) == 0;
            frame(frames, wrong ? SocketPeer.TEXT : SocketPeer.CONTINUATION, payload(random.nextInt(200)));
        }
        frame(frames, 0x80 | SocketPeer.CONTINUATION, payload(random.nextInt(100)));
    }

    private byte[] payload(int length) {
        if (random.nextInt(8) == 0) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            return noise;
        }
        String unit = random.nextInt(3) == 0 ? "s3cret \u00e4\ud83d\ude00" : "{\"id\":\"s3cret\"}";
        return unit.repeat(length / 10 + 1).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] close() {
        int status = STATUSES[random.nextInt(STATUSES.length)];
        byte[] payload = payload(random.nextInt(60));
        int length = random.nextInt(4) == 0 ? random.nextInt(3) : payload.length;
        if (length >= 2) {
            payload[0] = (byte) (status >> 8);
            payload[1] = (byte) status;
        }
        return Arrays.copyOf(payload, length);
    }

    private void frame(ByteArrayOutputStream frames, int head, byte[] payload) {
        frames.write(head);
        long length = random.nextInt(25) > 0 ? payload.length : wrongLength();
        int mask = random.nextInt(40) == 0 ? 0x80 : 0;
        int form = random.nextInt(40) == 0 ? random.nextInt(3) : length < 126 ? 0 : length < 65_536 ? 1 : 2;
        if (form == 0) {
            frames.write(mask | (int) (length & 0x7f));
        } else {
            frames.write(mask | (form == 1 ? 126 : 127));
            for (int shift = form == 1 ? 8 : 56; shift >= 0; shift -= 8) {
                frames.write((int) (length >> shift));
            }
        }
        frames.writeBytes(payload);
    }

    private long wrongLength() {
        return switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> -1;
            case 2 -> 100_000;
            default -> random.nextInt(200);
        };
    }
}
