/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A TCP proxy in front of a server that can stop to pass anything on, as if the server hung. */
public final class StallingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch stalled = new CountDownLatch(0);
    private volatile CountDownLatch open = new CountDownLatch(0);

    public StallingProxy(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void stall() {
        stall(1);
    }

    /** @param connections on how many of them {@link #awaitStalled} awaits something */
    public void stall(int connections) {
        stalled = new CountDownLatch(connections);
        open = new CountDownLatch(1);
    }

    /** Until something was sent that is not passed on. */
    public void awaitStalled() throws InterruptedException {
        stalled.await();
    }

    public void resume() {
        open.countDown();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "stalling-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(client, server));
                start(() -> copy(client, server));
                start(() -> copy(server, client));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Until one side ends; then the other one does, too. */
    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (open.getCount() > 0) {
                    stalled.countDown();
                }
                open.await();
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            sockets.removeAll(List.of(from, to));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        resume();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
