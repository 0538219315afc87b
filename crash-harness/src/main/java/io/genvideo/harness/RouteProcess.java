/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the route in a process of its own, and ends that process with SIGTERM or SIGKILL. */
final class RouteProcess implements AutoCloseable {
    private static final Duration AFTER_KILL = Duration.ofSeconds(30);
    private static final Duration AFTER_TERM = Duration.ofSeconds(90);
    private static final int TAIL = 60;

    private final String classPath;
    private final Path properties;
    private final Path output;
    private @Nullable Process process;

    /**
     * @param classPath of the process
     * @param properties of the route
     * @param output file to which every start of the process appends its output
     */
    RouteProcess(String classPath, Path properties, Path output) {
        this.classPath = classPath;
        this.properties = properties;
        this.output = output;
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-Dlog4j2.configurationFile=route-log4j2.properties",
                "-classpath",
                classPath,
                RouteMain.class.getName(),
                properties.toString()));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the route can't be started", e);
        }
    }

    /** Of the last start. */
    long pid() {
        return Objects.requireNonNull(process).pid();
    }

    /** SIGSTOP: nothing in the process runs any more, as if its machine was suspended. */
    void freeze() {
        Signals.send("STOP", Stream.of(Objects.requireNonNull(process).toHandle()));
    }

    /** SIGCONT. */
    void thaw() {
        Signals.send("CONT", Stream.of(Objects.requireNonNull(process).toHandle()));
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    void requireAlive() {
        require(isAlive(), "the route's process has ended by itself");
    }

    /** SIGKILL: the process ends without any of its shutdown hooks. */
    void kill() {
        Process running = Objects.requireNonNull(process);
        running.destroyForcibly();
        require(Waits.ends(running, AFTER_KILL), "the process does not end after a SIGKILL");
    }

    /** SIGTERM: Camel stops its routes and returns waiting exchanges to their source. */
    void terminate() {
        Process running = Objects.requireNonNull(process);
        sendTerm(running);
        if (!Waits.ends(running, AFTER_TERM)) {
            kill();
            throw new IllegalStateException("the process did not end within " + AFTER_TERM + " of a SIGTERM" + tail());
        }
    }

    /** SIGTERM, and SIGKILL during the graceful stop that it started. */
    void interruptStop(Duration after) {
        sendTerm(Objects.requireNonNull(process));
        Waits.pause(after);
        kill();
    }

    /** {@link Process#destroy} would also close standard input, whose end stops the process at once. */
    private static void sendTerm(Process running) {
        running.toHandle().destroy();
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message + tail());
        }
    }

    /** The last lines of its output. */
    String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return "\nthe last lines of " + output + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return "\n" + output + " can't be read: " + e;
        }
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }
}
