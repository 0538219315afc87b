/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Objects;

/**
 * The wire of IMA Studio (docs/contracts/ima.md), as cheap as it can be served: one thread, no state of tasks. A prompt names
 * the time that its task takes ({@code "takes=30000"}, in milliseconds), and the id of a task ends with the moment of its end, so
 * that whoever gets a result knows how late it is. {@code GET /stats} returns how many tasks were created and polled.
 */
public final class MockService implements AutoCloseable {
    /** What comes before the time in the id of a task. */
    static final char BEFORE_END = '-';

    private static final int BUFFER_BYTES = 64 << 10;
    private static final byte[] CHUNK = new byte[256 << 10];
    private static final byte[] TAKES = ascii("takes=");
    private static final byte[] TASK_ID = ascii("\"task_id\":\"");
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("\r\ncontent-length:");

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final byte[] catalogue;
    private long created;
    private long polled;

    MockService() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        try (InputStream products = MockService.class.getResourceAsStream(
                "/io/genvideo/sandbox/ima/ima_products_text_to_video.tree.json")) {
            catalogue = Objects.requireNonNull(products, "product list of the sandbox")
                    .readAllBytes();
        }
    }

    /** Serves until the process is ended; prints the address first. */
    public static void main(String[] args) throws IOException {
        try (MockService service = new MockService()) {
            System.out.println("http://127.0.0.1:" + service.port());
            service.serve();
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Serves until this is closed. */
    void serve() throws IOException {
        while (selector.isOpen()) {
            selector.select();
            if (!selector.isOpen()) {
                return;
            }
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    accept();
                } else {
                    serve(key);
                }
            }
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection());
        }
    }

    private void serve(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isReadable()) {
                if (channel.read(connection.in) < 0) {
                    channel.close();
                    return;
                }
                answerRequests(connection);
            }
            key.interestOps(
                    connection.write(channel) ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        } catch (IOException gone) {
            // a client that has closed its connection needs no answer
            channel.close();
        }
    }

    private void answerRequests(Connection connection) throws IOException {
        ByteBuffer in = connection.in;
        byte[] bytes = in.array();
        int start = 0;
        int end = in.position();
        while (true) {
            int head = indexOf(bytes, start, end, END_OF_HEAD);
            if (head < 0) {
                break;
            }
            int body = head + END_OF_HEAD.length;
            int length = indexOf(bytes, start, head, CONTENT_LENGTH);
            int next = body + (length < 0 ? 0 : (int) number(bytes, length + CONTENT_LENGTH.length));
            if (next > end) {
                break;
            }
            answer(connection, bytes, start, body, next);
            start = next;
        }
        in.limit(end).position(start);
        in.compact();
        if (!in.hasRemaining()) {
            throw new IOException("a request is larger than " + BUFFER_BYTES + " bytes");
        }
    }

    private void answer(Connection connection, byte[] bytes, int start, int body, int end) {
        int pathEnd = start;
        int spaces = 0;
        while (pathEnd < body && spaces < 2) {
            spaces += bytes[pathEnd++] == ' ' ? 1 : 0;
        }
        String path = new String(bytes, start, pathEnd - 1 - start, StandardCharsets.ISO_8859_1);
        if (path.startsWith("POST /open/v1/tasks/detail")) {
            polled++;
            connection.respond(detail(bytes, body, end));
        } else if (path.startsWith("POST /open/v1/tasks/create")) {
            created++;
            int takes = indexOf(bytes, body, end, TAKES);
            long done = System.currentTimeMillis() + (takes < 0 ? 0 : number(bytes, takes + TAKES.length));
            connection.respond(ascii("{\"code\":0,\"message\":\"success\",\"data\":{\"id\":\"task" + created
                    + BEFORE_END + done + "\",\"medias\":[],\"generate_count\":1}}"));
        } else if (path.startsWith("GET /open/v1/product/list")) {
            connection.respond(catalogue);
        } else if (path.startsWith("GET /stats")) {
            connection.respond(ascii("{\"created\":" + created + ",\"polled\":" + polled + "}"));
        } else if (path.startsWith("GET /bytes/")) {
            connection.stream(Long.parseLong(path.substring("GET /bytes/".length(), path.lastIndexOf('.'))));
        } else {
            connection.respond(ascii("{\"code\":404,\"message\":\"no such path\"}"));
        }
    }

    private static byte[] detail(byte[] bytes, int body, int end) {
        int from = indexOf(bytes, body, end, TASK_ID);
        if (from < 0) {
            return ascii("{\"code\":400,\"message\":\"task_id is missing\"}");
        }
        int to = from + TASK_ID.length;
        int separator = to;
        while (bytes[to] != '"') {
            separator = bytes[to] == BEFORE_END ? to : separator;
            to++;
        }
        String id = new String(bytes, from + TASK_ID.length, to - from - TASK_ID.length, StandardCharsets.ISO_8859_1);
        boolean done = System.currentTimeMillis() >= number(bytes, separator + 1);
        String result = done
                ? "\"resource_status\":1,\"status\":\"success\",\"url\":\"https://media.example.com/" + id
                        + ".mp4\",\"cover_url\":\"https://media.example.com/" + id + ".jpg\","
                : "\"resource_status\":0,\"status\":\"processing\",\"url\":\"\",\"cover_url\":\"\",";
        return ascii("{\"code\":0,\"message\":\"success\",\"data\":{\"id\":\"" + id
                + "\",\"task_type\":\"text_to_video\",\"medias\":[{" + result
                + "\"duration_str\":\"5s\",\"format\":\"mp4\",\"width\":1920,\"height\":1080,\"error_msg\":\"\","
                + "\"remark\":\"\",\"model_id\":\"wan2.6-t2v\"}]}}");
    }

    private static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
        for (int i = from; i <= to - wanted.length; i++) {
            int n = 0;
            while (n < wanted.length && lower(bytes[i + n]) == wanted[n]) {
                n++;
            }
            if (n == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    private static long number(byte[] bytes, int from) {
        int i = from;
        while (bytes[i] == ' ') {
            i++;
        }
        long number = 0;
        while (bytes[i] >= '0' && bytes[i] <= '9') {
            number = number * 10 + bytes[i++] - '0';
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
    }

    private static final class Connection {
        private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
        private ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES).flip();
        private long streamed;

        void respond(byte[] json) {
            append(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length
                    + "\r\n\r\n"));
            append(json);
        }

        void stream(long bytes) {
            append(ascii("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: " + bytes + "\r\n\r\n"));
            streamed = bytes;
        }

        private void append(byte[] more) {
            out.compact();
            if (out.remaining() < more.length) {
                ByteBuffer larger = ByteBuffer.allocate(out.position() + more.length + BUFFER_BYTES);
                larger.put(out.flip());
                out = larger;
            }
            out.put(more).flip();
        }

        /** @return whether all was written */
        boolean write(SocketChannel channel) throws IOException {
            while (out.hasRemaining() || streamed > 0) {
                if (!out.hasRemaining()) {
                    int next = (int) Math.min(streamed, CHUNK.length);
                    ByteBuffer chunk = ByteBuffer.wrap(CHUNK, 0, next);
                    int written = channel.write(chunk);
                    streamed -= written;
                    if (written < next) {
                        return false;
                    }
                } else if (channel.write(out) == 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
