/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.GenerationOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The options of an endpoint that describe the video or image to generate: the portable ones and those of the service. */
@UriParams
public abstract class GenerationConfiguration {
    private static final String SESSION_ID = "sessionId";

    @UriParam(label = "generation", description = "Length of the video in seconds.")
    private @Nullable Double duration;

    @UriParam(label = "generation", description = "Resolution of the result, for example 720p.")
    private @Nullable String resolution;

    @UriParam(label = "generation", description = "Aspect ratio of the result, for example 16:9.")
    private @Nullable String aspectRatio;

    @UriParam(label = "generation", description = "Text that describes what the result must not show.")
    private @Nullable String negativePrompt;

    @UriParam(label = "generation", description = "Seed of the random numbers, for models that can repeat a result.")
    private @Nullable Long seed;

    @UriParam(label = "generation", description = "Number of results to generate. Each one is charged.")
    private @Nullable Integer count;

    @UriParam(label = "generation", description = "Whether to generate the result with sound.")
    private @Nullable Boolean audio;

    @UriParam(
            label = "generation",
            description = "Session of NemoVideo that the message continues, as genvideo:nemo/session has returned it. "
                    + "The same as `param.sessionId`.")
    private @Nullable String sessionId;

    @UriParam(
            label = "generation",
            prefix = "param.",
            multiValue = true,
            description = "Parameters by the names that the service uses, each as `param.name`. The operation "
                    + "`describe` lists them.")
    private Map<String, Object> parameters = new LinkedHashMap<>();

    /** The portable options that are set. */
    GenerationOptions generationOptions() {
        return new GenerationOptions(duration, resolution, aspectRatio, negativePrompt, seed, count, audio);
    }

    /**
     * The parameters of the service that are set, by its names.
     *
     * @throws IllegalArgumentException if two options name different sessions
     */
    Map<String, Object> serviceParameters() {
        Map<String, Object> all = new LinkedHashMap<>(parameters);
        if (sessionId != null && !sessionId.equals(all.getOrDefault(SESSION_ID, sessionId))) {
            throw new IllegalArgumentException(
                    "Options sessionId and param.sessionId name different sessions; set one of them");
        }
        if (sessionId != null) {
            all.put(SESSION_ID, sessionId);
        }
        return all;
    }

    public @Nullable Double getDuration() {
        return duration;
    }

    public void setDuration(@Nullable Double duration) {
        this.duration = duration;
    }

    public @Nullable String getResolution() {
        return resolution;
    }

    public void setResolution(@Nullable String resolution) {
        this.resolution = resolution;
    }

    public @Nullable String getAspectRatio() {
        return aspectRatio;
    }

    public void setAspectRatio(@Nullable String aspectRatio) {
        this.aspectRatio = aspectRatio;
    }

    public @Nullable String getNegativePrompt() {
        return negativePrompt;
    }

    public void setNegativePrompt(@Nullable String negativePrompt) {
        this.negativePrompt = negativePrompt;
    }

    public @Nullable Long getSeed() {
        return seed;
    }

    public void setSeed(@Nullable Long seed) {
        this.seed = seed;
    }

    public @Nullable Integer getCount() {
        return count;
    }

    public void setCount(@Nullable Integer count) {
        this.count = count;
    }

    public @Nullable Boolean getAudio() {
        return audio;
    }

    public void setAudio(@Nullable Boolean audio) {
        this.audio = audio;
    }

    public @Nullable String getSessionId() {
        return sessionId;
    }

    public void setSessionId(@Nullable String sessionId) {
        this.sessionId = sessionId;
    }

    public Map<String, Object> getParameters() {
        return parameters;
    }

    public void setParameters(Map<String, Object> parameters) {
        this.parameters = parameters;
    }
}
