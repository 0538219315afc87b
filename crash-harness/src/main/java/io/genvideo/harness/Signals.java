/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sends POSIX signals, for which Java has no method. */
final class Signals {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private Signals() {}

    /** @param signal for example {@code STOP}; a process that has ended meanwhile is passed over */
    static void send(String signal, Stream<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes
                .filter(ProcessHandle::isAlive)
                .map(p -> Long.toString(p.pid()))
                .forEach(command::add);
        if (command.size() == 2) {
            return;
        }
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!Waits.ends(kill, ENDS_WITHIN)) {
                throw new IllegalStateException("kill -" + signal + " does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill -" + signal + " can't be executed", e);
        }
    }
}
