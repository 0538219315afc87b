/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import org.apache.camel.spi.Metadata;

/** Headers and exchange properties of the component. */
public final class GenvideoConstants {
    @Metadata(
            label = "producer",
            description = "Text that describes the video or image to generate. Takes precedence over the option "
                    + "`prompt` and a text body.",
            javaType = "java.lang.String")
    public static final String PROMPT = "CamelGenvideoPrompt";

    @Metadata(
            label = "producer",
            description = "Input media, instead of the body: a file, path, stream, byte array, URL, a list of these "
                    + "(first frame, last frame), a map from role to these, or a GenerationTask.",
            javaType = "Object")
    public static final String INPUTS = "CamelGenvideoInputs";

    @Metadata(
            label = "producer",
            description = "Model to use. Takes precedence over the option `model`.",
            javaType = "java.lang.String")
    public static final String MODEL = "CamelGenvideoModel";

    @Metadata(
            label = "producer",
            description = "Key of the request: a second message with the same key and the same request attaches to "
                    + "the task of the first one instead of paying again.",
            javaType = "java.lang.String")
    public static final String IDEMPOTENCY_KEY = "CamelGenvideoIdempotencyKey";

    @Metadata(
            label = "producer",
            description = "Parameters by the names that the service uses. Each takes precedence over the option "
                    + "`param.name`.",
            javaType = "java.util.Map")
    public static final String PARAMETERS = "CamelGenvideoParameters";

    @Metadata(
            description = "Your own name for the task: a String or a flat Map of at most 4 KB, by default the "
                    + "incoming CamelFileName. It is returned with every result of the task.",
            javaType = "Object")
    public static final String REFERENCE = "CamelGenvideoReference";

    @Metadata(
            label = "producer",
            description = "Maximum price: a generation that costs more is refused before anything is paid.",
            javaType = "java.math.BigDecimal")
    public static final String MAX_CREDITS = "CamelGenvideoMaxCredits";

    @Metadata(
            label = "producer",
            description = "Id of the user on whose behalf the generation runs, for services that accept one.",
            javaType = "java.lang.String")
    public static final String USER_ID = "CamelGenvideoUserId";

    @Metadata(
            label = "producer",
            description = "Length of the video in seconds. Takes precedence over the option `duration`.",
            javaType = "java.lang.Double")
    public static final String DURATION = "CamelGenvideoDuration";

    @Metadata(
            label = "producer",
            description = "Resolution of the result, for example 720p. Takes precedence over the option "
                    + "`resolution`. For the operation `resolve`: adopt, release or abandon.",
            javaType = "java.lang.String")
    public static final String RESOLUTION = "CamelGenvideoResolution";

    @Metadata(
            label = "producer",
            description = "Aspect ratio of the result, for example 16:9. Takes precedence over the option "
                    + "`aspectRatio`.",
            javaType = "java.lang.String")
    public static final String ASPECT_RATIO = "CamelGenvideoAspectRatio";

    @Metadata(
            label = "producer",
            description = "Text that describes what the result must not show. Takes precedence over the option "
                    + "`negativePrompt`.",
            javaType = "java.lang.String")
    public static final String NEGATIVE_PROMPT = "CamelGenvideoNegativePrompt";

    @Metadata(
            label = "producer",
            description = "Seed of the random numbers, for models that can repeat a result. Takes precedence over "
                    + "the option `seed`.",
            javaType = "java.lang.Long")
    public static final String SEED = "CamelGenvideoSeed";

    @Metadata(
            label = "producer",
            description = "Number of results to generate. Each one is charged. Takes precedence over the option "
                    + "`count`.",
            javaType = "java.lang.Integer")
    public static final String COUNT = "CamelGenvideoCount";

    @Metadata(
            label = "producer",
            description = "Whether to generate the result with sound. Takes precedence over the option `audio`.",
            javaType = "java.lang.Boolean")
    public static final String AUDIO = "CamelGenvideoAudio";

    @Metadata(
            description = "Id that the service gave the task: read by `task`, `result`, `cancel` and `resolve` "
                    + "(adopt), set by generations and `tasks`.",
            javaType = "java.lang.String")
    public static final String TASK_ID = "CamelGenvideoTaskId";

    @Metadata(
            description = "Id that the component gave the task; every exception has it too. Read by `resolve`.",
            javaType = "java.lang.String")
    public static final String RECORD_ID = "CamelGenvideoRecordId";

    @Metadata(
            description = "State of the task: QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED or UNCERTAIN.",
            javaType = "java.lang.String")
    public static final String STATUS = "CamelGenvideoStatus";

    @Metadata(description = "Name of the provider.", javaType = "java.lang.String")
    public static final String PROVIDER = "CamelGenvideoProvider";

    @Metadata(description = "Model that was used, by the service's name for it.", javaType = "java.lang.String")
    public static final String MODEL_USED = "CamelGenvideoModelUsed";

    @Metadata(description = "URL of the first result.", javaType = "java.lang.String")
    public static final String URL = "CamelGenvideoUrl";

    @Metadata(description = "URL of a still picture of the first result.", javaType = "java.lang.String")
    public static final String COVER_URL = "CamelGenvideoCoverUrl";

    @Metadata(description = "Number of results.", javaType = "java.lang.Integer")
    public static final String MEDIA_COUNT = "CamelGenvideoMediaCount";

    @Metadata(
            description = "Price of all results together, in the service's own unit. For the operation `credits`: "
                    + "the balance.",
            javaType = "java.math.BigDecimal")
    public static final String CREDITS = "CamelGenvideoCredits";

    @Metadata(
            description = "Time from the request to the end of the task, in milliseconds. On messages to "
                    + "`progressUri`: the time since the service accepted the task.",
            javaType = "java.lang.Long")
    public static final String ELAPSED_MILLIS = "CamelGenvideoElapsedMillis";

    @Metadata(
            description = "On messages to `progressUri`: the percentage that the service reports, 0 to 100; absent if "
                    + "it reports none.",
            javaType = "java.lang.Integer")
    public static final String PROGRESS = "CamelGenvideoProgress";

    @Metadata(
            description = "On messages to `progressUri`: the time in milliseconds within which such a task usually "
                    + "ends; absent if it is not known.",
            javaType = "java.lang.Long")
    public static final String EXPECTED_MILLIS = "CamelGenvideoExpectedMillis";

    @Metadata(
            description = "Whether an earlier message created the task, so that this message cost nothing.",
            javaType = "java.lang.Boolean")
    public static final String REPLAYED = "CamelGenvideoReplayed";

    /** Exchange property: the {@link io.genvideo.model.GenerationTask}, also when the body is the downloaded file. */
    public static final String TASK_PROPERTY = "CamelGenvideoTask";

    /** Exchange property: keeps the files of an exchange as long as the exchange or a copy of it is reachable. */
    static final String FILES_PROPERTY = "CamelGenvideoFiles";

    private GenvideoConstants() {}
}
