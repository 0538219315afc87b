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
import java.util.Map;

/** One of the processes that share the journal: the file drop with an inbox of its own, and what can happen to it. */
final class ClusterNode implements AutoCloseable {
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Map<String, String> JOURNAL_SETTINGS = Map.of("callTimeout", "10s", "startTimeout", "2m");

    private final String name;
    private final DatabaseLink link;
    private final RouteProcess route;

    /**
     * @param build what it runs
     * @param folder of all nodes; each has an inbox of its own, the other folders are shared
     */
    ClusterNode(String name, RouteBuild build, Path folder, TestedProvider provider, Sandbox sandbox, int databasePort)
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
                "camel.component.genvideo.taskRepository = #bean:clusterJournal",
                "camel.component.genvideo.requestTimeout = " + REQUEST_TIMEOUT.toMillis() + "ms",
                "camel.component.genvideo.pollInterval = " + ClusterRun.POLL_INTERVAL.toMillis() + "ms"));
        JOURNAL_SETTINGS.forEach((option, value) -> {
            if (build.hasJournalOption(option)) {
                properties.add("camel.beans.clusterJournal." + option + " = " + value);
            }
        });
        properties.addAll(provider.properties(sandbox));
        route = new RouteProcess(
                build.classPath(),
                Files.write(folder.resolve(name + ".properties"), properties),
                folder.resolve(name + ".log"));
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
