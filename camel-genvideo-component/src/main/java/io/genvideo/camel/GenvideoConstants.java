/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import org.apache.camel.spi.Metadata;

/** Headers and exchange properties of the component. */
public final class GenvideoConstants {
    @Metadata(
            label = "producer",
            description = "What is to be seen. Wins over the option `prompt` and over a text body.",
            javaType = "java.lang.String")
    public static final String PROMPT = "CamelGenvideoPrompt";

    @Metadata(
            label = "producer",
            description =
                    "The input media, instead of the body: a file, path, stream, byte array, URL, a list of these (first frame, last frame), a map from role to these, or a GenerationTask.",
            javaType = "Object")
    public static final String INPUTS = "CamelGenvideoInputs";

    @Metadata(
            label = "producer",
            description = "The model. Wins over the option `model`.",
            javaType = "java.lang.String")
    public static final String MODEL = "CamelGenvideoModel";

    @Metadata(
            label = "producer",
            description =
                    "Names this order: a second message with the same key and the same request attaches to the task of the first instead of paying again.",
            javaType = "java.lang.String")
    public static final String IDEMPOTENCY_KEY = "CamelGenvideoIdempotencyKey";

    @Metadata(
            label = "producer",
            description =
                    "Parameters by the names that the service gives them. Each wins over the option `param.<name>`.",
            javaType = "java.util.Map")
    public static final String PARAMETERS = "CamelGenvideoParameters";

    @Metadata(
            description =
                    "What you recognise the task by: a String or a flat Map of at most 4 KB, by default the incoming CamelFileName. It stands on every result of the task.",
            javaType = "Object")
    public static final String REFERENCE = "CamelGenvideoReference";

    @Metadata(
            label = "producer",
            description = "Refuse the generation, before anything is paid, if its price is higher.",
            javaType = "java.math.BigDecimal")
    public static final String MAX_CREDITS = "CamelGenvideoMaxCredits";

    @Metadata(
            label = "producer",
            description = "The user on whose behalf this runs, for services that take one.",
            javaType = "java.lang.String")
    public static final String USER_ID = "CamelGenvideoUserId";

    @Metadata(
            label = "producer",
            description = "Length of the video in seconds. Wins over the option `duration`.",
            javaType = "java.lang.Double")
    public static final String DURATION = "CamelGenvideoDuration";

    @Metadata(
            label = "producer",
            description =
                    "For example 720p. Wins over the option `resolution`. To the operation `resolve` it says what to do: adopt, release or abandon.",
            javaType = "java.lang.String")
    public static final String RESOLUTION = "CamelGenvideoResolution";

    @Metadata(
            label = "producer",
            description = "For example 16:9. Wins over the option `aspectRatio`.",
            javaType = "java.lang.String")
    public static final String ASPECT_RATIO = "CamelGenvideoAspectRatio";

    @Metadata(
            label = "producer",
            description = "What must not be seen. Wins over the option `negativePrompt`.",
            javaType = "java.lang.String")
    public static final String NEGATIVE_PROMPT = "CamelGenvideoNegativePrompt";

    @Metadata(
            label = "producer",
            description = "For models that can repeat a result. Wins over the option `seed`.",
            javaType = "java.lang.Long")
    public static final String SEED = "CamelGenvideoSeed";

    @Metadata(
            label = "producer",
            description = "How many results to make; each one costs. Wins over the option `count`.",
            javaType = "java.lang.Integer")
    public static final String COUNT = "CamelGenvideoCount";

    @Metadata(
            label = "producer",
            description = "Whether the result has sound. Wins over the option `audio`.",
            javaType = "java.lang.Boolean")
    public static final String AUDIO = "CamelGenvideoAudio";

    @Metadata(
            description =
                    "The service's id of the task: read by `task`, `result` and `resolve` (adopt), set by generations and `tasks`.",
            javaType = "java.lang.String")
    public static final String TASK_ID = "CamelGenvideoTaskId";

    @Metadata(
            description = "The component's own id of the task, also in every exception. Read by `resolve`.",
            javaType = "java.lang.String")
    public static final String RECORD_ID = "CamelGenvideoRecordId";

    @Metadata(
            description = "Where the task stands: QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED or UNCERTAIN.",
            javaType = "java.lang.String")
    public static final String STATUS = "CamelGenvideoStatus";

    @Metadata(description = "The service that was asked.", javaType = "java.lang.String")
    public static final String PROVIDER = "CamelGenvideoProvider";

    @Metadata(description = "The model that was used, as the service names it.", javaType = "java.lang.String")
    public static final String MODEL_USED = "CamelGenvideoModelUsed";

    @Metadata(description = "Where the first result is.", javaType = "java.lang.String")
    public static final String URL = "CamelGenvideoUrl";

    @Metadata(description = "A still picture of the first result.", javaType = "java.lang.String")
    public static final String COVER_URL = "CamelGenvideoCoverUrl";

    @Metadata(description = "How many results there are.", javaType = "java.lang.Integer")
    public static final String MEDIA_COUNT = "CamelGenvideoMediaCount";

    @Metadata(
            description =
                    "The price of all results together, in the service's own unit. Of the operation `credits`: the balance.",
            javaType = "java.math.BigDecimal")
    public static final String CREDITS = "CamelGenvideoCredits";

    @Metadata(description = "From the request to the end of the task, in milliseconds.", javaType = "java.lang.Long")
    public static final String ELAPSED_MILLIS = "CamelGenvideoElapsedMillis";

    @Metadata(
            description = "Whether the task had been made for an earlier message, so that this one cost nothing.",
            javaType = "java.lang.Boolean")
    public static final String REPLAYED = "CamelGenvideoReplayed";

    /** Exchange property: the {@link io.genvideo.model.GenerationTask}, also when the body is the downloaded file. */
    public static final String TASK_PROPERTY = "CamelGenvideoTask";

    private GenvideoConstants() {}
}
