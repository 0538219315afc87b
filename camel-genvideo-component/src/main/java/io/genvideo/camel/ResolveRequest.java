/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.Resolution;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a message decides about a record whose create call was not answered.
 *
 * @param taskId the service's id of the task; for {@link Resolution#ADOPT} only
 */
record ResolveRequest(
        String recordId, Resolution resolution, @Nullable String taskId) {

    /** @throws GenvideoException naming the header, its value and what is allowed */
    static ResolveRequest read(Message in, String provider) {
        String recordId = text(in, GenvideoConstants.RECORD_ID);
        if (recordId == null) {
            throw invalid(provider, "'resolve' needs the header " + GenvideoConstants.RECORD_ID);
        }
        String wanted = text(in, GenvideoConstants.RESOLUTION);
        String allowed =
                Arrays.stream(Resolution.values()).map(Resolution::path).collect(Collectors.joining(", "));
        if (wanted == null) {
            throw invalid(
                    provider, "'resolve' needs the header " + GenvideoConstants.RESOLUTION + ": one of " + allowed);
        }
        Resolution resolution = Resolution.fromPath(wanted)
                .orElseThrow(() -> invalid(
                        provider,
                        "header " + GenvideoConstants.RESOLUTION + " is '" + wanted + "', it must be one of "
                                + allowed));
        // Another step may have left the id of another task
        String taskId = resolution == Resolution.ADOPT ? text(in, GenvideoConstants.TASK_ID) : null;
        if (resolution == Resolution.ADOPT && taskId == null) {
            throw invalid(
                    provider,
                    "'adopt' needs the header " + GenvideoConstants.TASK_ID
                            + ": the id that the service gave the task");
        }
        return new ResolveRequest(recordId, resolution, taskId);
    }

    private static @Nullable String text(Message in, String header) {
        String value = in.getHeader(header, String.class);
        return value == null || value.isBlank() ? null : value.trim();
    }

    private static GenvideoException invalid(String provider, String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException();
    }
}
