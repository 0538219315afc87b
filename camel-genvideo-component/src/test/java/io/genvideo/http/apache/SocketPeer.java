/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.apache.RawServer.Conversation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/** The server's side of a WebSocket (RFC 6455), frame by frame, so that tests can break any rule. */
public final class SocketPeer {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** One frame of the client, unmasked. */
    public record Frame(int opcode, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final Conversation conversation;

    private SocketPeer(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Accepts the socket that a request asks for. */
    public static SocketPeer accept(Conversation conversation, String request) throws IOException {
        conversation.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + acceptKey(request) + "\r\n\r\n");
        return new SocketPeer(conversation);
    }

    private static String acceptKey(String request) {
        String name = "sec-websocket-key:";
        String line = request.lines()
                .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name))
                .findFirst()
                .orElseThrow();
        String key = line.substring(name.length()).trim() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public void text(String text) throws IOException {
        frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    public void close(int status) throws IOException {
        frame(CLOSE, true, new byte[] {(byte) (status >> 8), (byte) status});
    }

    public void frame(int opcode, boolean last, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write((last ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else if (payload.length < 65_536) {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        frame.writeBytes(payload);
        conversation.write(frame.toByteArray());
    }

    public Frame read() throws IOException {
        byte[] head = conversation.readBytes(2);
        int length = head[1] & 0x7f;
        if (length == 126) {
            byte[] more = conversation.readBytes(2);
            length = (more[0] & 0xff) << 8 | (more[1] & 0xff);
        }
        byte[] mask = conversation.readBytes(4);
        byte[] payload = conversation.readBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Frame(head[0] & 0x0f, payload);
    }
}
