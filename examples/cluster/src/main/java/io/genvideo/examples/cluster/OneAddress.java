/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The address in front of the nodes, as a load balancer for TCP: connections go to one after the other, and not to one that is gone. */
final class OneAddress implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final ServerSocket listener;
    private final List<Integer> ports;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param ports of the nodes, on this machine */
    OneAddress(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "one-address");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                pass(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Without a node the client's connection ends, so that it can try again. */
    private void pass(Socket client) throws IOException {
        try {
            Socket node = connect();
            start(() -> copy(client, node));
            start(() -> copy(node, client));
        } catch (IOException none) {
            client.close();
        }
    }

    private Socket connect() throws IOException {
        IOException refused = new IOException("there is none");
        for (int tried = 0; tried < ports.size(); tried++) {
            int port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }

    /** Until one side ends; then the other one does, too. */
    private static void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // one side has gone: the client sees the end of its connection, as it would without this proxy
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
