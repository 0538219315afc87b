/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket written by hand (RFC 6455): the JDK's client loses frames that arrive together with the end of a connection. */
final class RawSocket implements AutoCloseable {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawSocket(URI url) throws IOException {
        socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        String handshake = "GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: test\r\n\r\n";
        out.write(handshake.getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.readByte());
        }
        if (!head.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + head);
        }
    }

    /** Sends a text, masked with zeros. */
    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(TEXT);
        if (bytes.length < 126) {
            out.writeByte(MASKED | bytes.length);
        } else {
            out.writeByte(MASKED | 127);
            out.writeLong(bytes.length);
        }
        out.writeInt(0);
        out.write(bytes);
        out.flush();
    }

    /** The texts that come until the connection is over or its end is announced. */
    List<String> receiveAll() throws IOException {
        List<String> texts = new ArrayList<>();
        while (true) {
            try {
                int type = in.readUnsignedByte();
                int length = in.readUnsignedByte();
                byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
                if (type == TEXT) {
                    texts.add(new String(payload, StandardCharsets.UTF_8));
                } else if (type == CLOSE) {
                    return texts;
                }
            } catch (EOFException | SocketException over) {
                return texts;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
