/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import io.genvideo.examples.springboot.VideoApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The process of a node: the Spring Boot example with the profile {@code postgresql}. */
final class Node implements AutoCloseable {
    private static final int SECONDS_TO_END = 60;

    private final String name;
    private final int port;
    private final Process process;
    private final Thread endWithDemo;

    /**
     * @param folder of the videos, the same for all nodes
     * @param databasePort of PostgreSQL on this machine, the same for all nodes: their journal is what makes them a cluster
     * @param sandbox the address of the simulated services
     */
    Node(String name, Path folder, int databasePort, URI sandbox) throws IOException {
        this.name = name;
        port = freePort();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dcluster.node=" + name,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        VideoApplication.class.getName(),
                        "--spring.profiles.active=postgresql",
                        "--spring.main.banner-mode=off",
                        "--spring.datasource.url=jdbc:postgresql://localhost:" + databasePort
                                + "/postgres?socketTimeout=30&connectTimeout=10&tcpKeepAlive=true",
                        "--spring.datasource.username=postgres",
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--video.sandbox=" + sandbox,
                        "--video.folder=" + folder)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        endWithDemo = new Thread(this::kill, "end-" + name);
        Runtime.getRuntime().addShutdownHook(endWithDemo);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        Runtime.getRuntime().removeShutdownHook(endWithDemo);
    }
}
