/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genvideo.model.GenerationTask;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Converter;

/** A task as JSON, so that it can be logged, sent and written to a file as it is. */
@Converter(generateLoader = true)
public final class GenvideoConverter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GenvideoConverter() {}

    /** @throws JsonProcessingException if the raw answer or the reference holds something that is no JSON */
    @Converter
    public static String toString(GenerationTask task) throws JsonProcessingException {
        return JSON.writeValueAsString(task);
    }

    /** @throws JsonProcessingException as {@link #toString} */
    @Converter
    public static InputStream toInputStream(GenerationTask task) throws JsonProcessingException {
        return new ByteArrayInputStream(JSON.writeValueAsBytes(task));
    }

    /**
     * The task that has made a downloaded file.
     *
     * @throws IllegalStateException if the file was serialised on its way, and so has lost its task
     */
    @Converter
    public static GenerationTask toGenerationTask(GeneratedFile file) {
        GenerationTask task = file.getTask();
        if (task == null) {
            throw new IllegalStateException("the file has lost its task: it was serialised");
        }
        return task;
    }

    /** The body of an upload's exchange as a file: components that send a stream in pieces of unknown length send a file whole. */
    @Converter
    public static File toFile(MediumStream medium) throws IOException {
        return medium.file();
    }
}
