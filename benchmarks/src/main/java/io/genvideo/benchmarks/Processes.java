/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Java processes that a benchmark starts, each with the class path of this one. */
final class Processes implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process service;
    private final String address;

    private Processes(Process service, String address) {
        this.service = service;
        this.address = address;
    }

    /** Starts the service. */
    static Processes start() throws IOException {
        Process process = new ProcessBuilder(java("-Xmx512m", MockService.class, List.of()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String address =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (address == null) {
            throw new IOException("the service has not started");
        }
        return new Processes(process, address);
    }

    String service() {
        return address;
    }

    /**
     * Runs a load to its end.
     *
     * @param options of the JVM, separated by blanks, as {@code -Xmx256m}
     * @param load as {@link LoadSettings} reads them, without the service
     * @throws IOException if the process fails
     */
    JsonNode load(String options, Path log, List<String> load) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(load);
        args.add("service=" + address);
        args.add("servicePid=" + service.pid());
        return run(options, log, LoadMain.class, args);
    }

    /** Runs a program that prints its result as a line of JSON. What else it prints goes to the log. */
    static JsonNode run(String options, Path log, Class<?> program, List<String> args)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(java(options, program, args))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        String result = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    result = line;
                } else {
                    // a library may log while the process ends
                    Files.writeString(log, line + System.lineSeparator(), CREATE, APPEND);
                }
            }
        } finally {
            process.destroy();
        }
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0 || result.isEmpty()) {
            throw new IOException(program.getSimpleName() + " " + args + " has failed: see " + log);
        }
        return JSON.readTree(result);
    }

    private static List<String> java(String options, Class<?> program, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options.split(" ")));
        command.addAll(
                List.of("-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(args);
        return command;
    }

    @Override
    public void close() {
        service.destroy();
    }
}
