/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import io.genvideo.sandbox.Sandbox;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a node. */
final class Node implements AutoCloseable {
    private static final int SECONDS_TO_END = 60;

    private final String name;
    private final int port;
    private final Process process;

    Node(String name, Path folder, int databasePort, Sandbox sandbox) throws IOException {
        this.name = name;
        port = freePort();
        Path properties = Files.write(
                folder.resolve(name + ".properties"),
                List.of(
                        "camel.main.name = " + name,
                        "camel.main.routesIncludePattern = classpath:routes/videos.camel.yaml",
                        "camel.server.enabled = true",
                        "camel.server.host = localhost",
                        "camel.server.port = " + port,
                        "cluster.videos = " + folder.resolve("videos"),
                        // All that makes a cluster: the same database
                        "camel.beans.database = #class:org.postgresql.ds.PGSimpleDataSource",
                        "camel.beans.database.url = jdbc:postgresql://localhost:" + databasePort
                                + "/postgres?socketTimeout=30&connectTimeout=10&tcpKeepAlive=true",
                        "camel.beans.database.user = postgres",
                        "camel.beans.journal = #class:io.genvideo.repository.jdbc.JdbcTaskRepository(#bean:database)",
                        "camel.beans.journal.startTimeout = 1m",
                        "camel.component.genvideo.accounts[ima].apiKey = ima_demo",
                        "camel.component.genvideo.accounts[ima].baseUrl = " + sandbox.imaUri()));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dcluster.node=" + name,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        // Process.destroy would also close standard input, whose end stops the node at once
        process.toHandle().destroy();
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
