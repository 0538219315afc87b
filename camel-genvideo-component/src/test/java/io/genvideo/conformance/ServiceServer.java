/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** An HTTP/1.1 server on a real socket that can break off a response at any point, and can go away and come back. */
final class ServiceServer implements AutoCloseable {

    /** What happens after a request was received. */
    sealed interface Reply {
        /** A complete response. */
        record Complete(ServiceResponse response) implements Reply {}

        /** A response whose connection ends in the middle of its body. */
        record HalfBody(ServiceResponse response) implements Reply {}

        /** No response. */
        enum None implements Reply {
            /** The connection is reset. */
            RESET,
            /** The connection is closed. */
            CLOSED,
            /** The connection is closed after bytes that are not HTTP. */
            NOISE,
            /** Nothing happens until the client gives up. */
            SILENCE
        }
    }

    private final Function<ServiceRequest, Reply> handler;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final int port;
    private ServerSocket listening;
    private Thread acceptor;

    ServiceServer(Function<ServiceRequest, Reply> handler) {
        this.handler = handler;
        listen(0);
        port = listening.getLocalPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Connections are refused from now on, and those that are open are reset. */
    void goAway() {
        try {
            listening.close();
            // an accept that is under way keeps the port open
            acceptor.join();
            for (Socket socket : sockets) {
                reset(socket);
            }
            sockets.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Connections are accepted again, at the same address. */
    void comeBack() {
        listen(port);
    }

    @Override
    public void close() {
        ended.countDown();
        goAway();
    }

    private void listen(int at) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), at), 100);
            listening = server;
            acceptor = start(() -> accept(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "conformance-service");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                // a response must not wait for the acknowledgement of the one before
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                start(() -> converse(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (ServiceRequest request = read(in); request != null; request = read(in)) {
                if (!reply(socket, handler.apply(request))) {
                    return;
                }
            }
        } catch (IOException | InterruptedException gone) {
            // the client, or the service, has gone away: part of what is tested
            sockets.remove(socket);
        }
    }

    /** @return whether the connection goes on */
    private boolean reply(Socket socket, Reply reply) throws IOException, InterruptedException {
        if (reply instanceof Reply.Complete complete) {
            ServiceResponse response = complete.response();
            write(socket.getOutputStream(), response, response.body());
            return true;
        }
        if (reply instanceof Reply.HalfBody half) {
            ServiceResponse response = half.response();
            write(socket.getOutputStream(), response, Arrays.copyOf(response.body(), response.body().length / 2));
        } else if (reply == Reply.None.NOISE) {
            socket.getOutputStream().write("\0noise\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        } else if (reply == Reply.None.RESET) {
            reset(socket);
        } else if (reply == Reply.None.SILENCE) {
            ended.await();
        }
        return false;
    }

    private static void reset(Socket socket) throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private static void write(OutputStream out, ServiceResponse response, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " Status\r\n");
        response.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(response.body().length).append("\r\n\r\n");
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        message.writeBytes(body);
        out.write(message.toByteArray());
        out.flush();
    }

    private static ServiceRequest read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        String[] words = first.split(" ");
        URI target = URI.create(words[1]);
        return new ServiceRequest(words[0], target.getPath(), target.getRawQuery(), headers, body(in, headers));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(exactly(in, size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
