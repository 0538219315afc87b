/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Instant;

/**
 * Who watches a record.
 *
 * @param process names the process on its machine
 * @param engine unique
 */
public record TaskOwner(String process, String engine) {

    /** @param engine unique */
    public static TaskOwner inThisProcess(String engine) {
        ProcessHandle self = ProcessHandle.current();
        // process ids are used again, in a container always the same ones
        long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new TaskOwner(self.pid() + "-" + started, engine);
    }

    /** As journalled: {@code process/engine}. */
    public String id() {
        return process + "/" + engine;
    }
}
