/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of the processes that share the journal: the file drop with an inbox of its own, and what can happen to it. */
final class ClusterNode implements AutoCloseable {
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final DatabaseLink link;
    private final RouteProcess route;

    /**
     * @param folder of all nodes; each has an inbox of its own, the other folders are shared
     * @param logs where the output of the process goes
     */
    ClusterNode(String name, Path folder, Path logs, TestedProvider provider, Sandbox sandbox, int databasePort)
            throws IOException {
        this.name = name;
        link = new DatabaseLink(databasePort);
        Path own = Files.createDirectories(folder.resolve(name));
        for (String shared : List.of("outbox", "done", "failed")) {
            Files.createSymbolicLink(own.resolve(shared), Files.createDirectories(folder.resolve(shared)));
        }
        List<String> properties = new ArrayList<>(List.of(
                "camel.main.name = " + name,
                "genvideo.folder = " + own,
                "camel.beans.clusterDatabase = #class:org.postgresql.ds.PGSimpleDataSource",
                "camel.beans.clusterDatabase.url = " + ClusterDatabase.url(link.port())
                        + "?socketTimeout=10&connectTimeout=5&tcpKeepAlive=true",
                "camel.beans.clusterDatabase.user = postgres",
                "camel.beans.clusterJournal ="
                        + " #class:io.genvideo.repository.jdbc.JdbcTaskRepository(#bean:clusterDatabase)",
                "camel.beans.clusterJournal.callTimeout = 10s",
                "camel.beans.clusterJournal.startTimeout = 2m",
                "camel.component.genvideo.taskRepository = #bean:clusterJournal",
                "camel.component.genvideo.requestTimeout = " + REQUEST_TIMEOUT.toMillis() + "ms",
                "camel.component.genvideo.pollInterval = " + ClusterRun.POLL_INTERVAL.toMillis() + "ms"));
        properties.addAll(provider.properties(sandbox));
        route = new RouteProcess(
                Files.write(logs.resolve(name + ".properties"), properties), logs.resolve(name + ".log"));
    }

    String name() {
        return name;
    }

    RouteProcess route() {
        return route;
    }

    DatabaseLink link() {
        return link;
    }

    @Override
    public void close() throws IOException {
        route.close();
        link.close();
    }
}
