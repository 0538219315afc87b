/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a load process does.
 *
 * @param client {@code ideal} or {@code component}
 * @param service address of the {@link MockService}
 * @param servicePid its process
 * @param tasks how many are created
 * @param atOnce the next one is created when one has ended; 0 for all at {@code perSecond}
 * @param takesFromMillis shortest duration of a task at the service
 * @param takesToMillis longest one
 * @param pollMillis between two polls of a task
 * @param warmSeconds until the measured window begins; 0 to measure from the first task to the end of the last
 * @param windowSeconds length of that window, after which the process ends
 * @param journal as {@link Journals} has it
 * @param nodes how many contexts share the journal
 * @param folder for files of the journal
 */
record LoadSettings(
        String client,
        String service,
        long servicePid,
        int tasks,
        int atOnce,
        int perSecond,
        int takesFromMillis,
        int takesToMillis,
        int pollMillis,
        int warmSeconds,
        int windowSeconds,
        String journal,
        int nodes,
        Path folder) {
    static final String API_KEY = "ima_0123456789abcdef0123456789abcdef";
    /** As the component's default. */
    static final int CONNECTIONS = 200;

    static LoadSettings of(String[] args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new LoadSettings(
                values.getOrDefault("client", "component"),
                values.getOrDefault("service", ""),
                Long.parseLong(values.getOrDefault("servicePid", "0")),
                number(values, "tasks", 1000),
                number(values, "atOnce", 0),
                number(values, "perSecond", 2000),
                number(values, "takesFromMillis", 0),
                number(values, "takesToMillis", 0),
                number(values, "pollMillis", 0),
                number(values, "warmSeconds", 0),
                number(values, "windowSeconds", 0),
                values.getOrDefault("journal", "memory"),
                number(values, "nodes", 1),
                Path.of(values.getOrDefault("folder", ".")));
    }

    private static int number(Map<String, String> values, String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
