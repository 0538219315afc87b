/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationTask;
import java.io.File;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A downloaded medium of a task: the body with the option {@code download=true}. The file exists as long as this object is
 * reachable, or an exchange that has received it or a copy of it; the component's stop deletes it too. A caller that needs
 * it for longer, or keeps only its path, copies it.
 */
public final class GeneratedFile extends File {
    private static final long serialVersionUID = 1L;

    /** Keeps the file. Not serialised: elsewhere the path means nothing. */
    @SuppressWarnings("unused")
    private final transient @Nullable ExchangeFiles owner;

    private final transient @Nullable GenerationTask task;

    GeneratedFile(Path path, ExchangeFiles owner, GenerationTask task) {
        super(path.toString());
        this.owner = owner;
        this.task = task;
    }

    /** The task that made it, so that a caller which gets only the body has the task id; {@code null} after serialisation. */
    public @Nullable GenerationTask getTask() {
        return task;
    }
}
