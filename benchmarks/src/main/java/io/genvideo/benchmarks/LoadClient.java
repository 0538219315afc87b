/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Creates tasks at the service and waits for their ends. */
interface LoadClient extends AutoCloseable {

    /**
     * Creates a task and polls it until it has ended, without holding the caller's thread.
     *
     * @param done gets the service's id of the task, or {@code null} if it failed
     */
    void generate(String prompt, Consumer<@Nullable String> done);

    /** What the database of the journal has done so far; nothing if it is not counted. */
    default DatabaseMeter.Usage database() throws SQLException {
        return DatabaseMeter.Usage.NONE;
    }

    @Override
    void close() throws Exception;
}
