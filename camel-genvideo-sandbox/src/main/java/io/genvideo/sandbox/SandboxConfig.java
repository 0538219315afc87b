/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Sandbox} behaves. Immutable; made by {@link #builder()}.
 *
 * @param host address to listen on; default {@code 127.0.0.1}
 * @param port port to listen on; default 0, any free one
 * @param timeScale how long a task takes, as a share of what the real service needs for that model (1 = as long as
 *     there, ±20 %); default 0: a task is done as soon as its video is rendered
 * @param taskDuration if set, every task takes this long and {@code timeScale} is ignored
 * @param maxDimension longest side of a rendered video in pixels, 64 to 1920; default 480, so that a clip costs a few
 *     seconds of one core without ffmpeg
 * @param frameRate frames per second of a rendered video, 1 to 60; default 24. A clip has at most
 *     {@value #MAX_FRAMES} frames: long ones get fewer per second
 * @param imaKeys API keys that the IMA service accepts; empty (default): any that starts with {@code ima_}
 * @param balance points that an account has when it is first seen; default 1,000,000
 * @param outputDir where media are kept; default a temporary folder, deleted on close
 * @param useFfmpeg whether an ffmpeg on the PATH may encode; default {@link Ffmpeg#AUTO}
 * @param seed seed of everything that is drawn by lot (faults, task times), so that a run repeats; ids are never
 *     predictable
 * @param renderThreads threads that render; default 1
 * @param rendering what a result shows; default {@link Rendering#PER_REQUEST}
 * @param clock tells the time of tasks and of the ledger; tests move it by hand
 * @param gatedModels model ids for which a create says that a plan is needed (IMA 4014, skills.video 403); default none
 * @param matchingHttpStatus whether a business error comes with the HTTP status of its kind instead of 200; default
 *     false. Which one the real service uses is not known (docs/contracts/ima.md section 12)
 * @param transitionalShare share of the tasks, 0 to 1, that answer one poll with {@code resource_status} 1 and no URL
 *     before they succeed, as was seen live; default 1
 * @param maxDiskBytes bound of all media together; beyond it the oldest are deleted; default 2 GiB
 * @param skillsvideoKeys API keys that the skills.video service accepts; empty (default): any
 * @param olderAnswers whether skills.video spells states and errors as its older documentation does
 *     (docs/contracts/skillsvideo.md sections 3 and 5); default false
 * @param progressFrames how many times an event stream says that a task is running, 1 to 1000; default 2, so that a
 *     stream has four frames
 * @param webhookUrl where events of skills.video are sent; null (default): nowhere
 * @param webhookSecret what they are signed with, {@code whsec_} and Base64; default {@value #DEFAULT_WEBHOOK_SECRET}
 * @param mediaioKeys API keys that the Media.io service accepts; empty (default): any
 * @param localInputs whether Media.io and Wiro accept input URLs with private addresses, for routes that upload to an
 *     object store on this machine; default false
 * @param wiroProjects API keys that the Wiro service accepts, each with the secret that signs its requests, or with an empty
 *     text for a project without signatures; empty (default): any key, and signatures made with
 *     {@value #DEFAULT_WIRO_SECRET}
 * @param wiroStrictNonces whether Wiro refuses a used nonce or one that is lower than earlier ones; default false: it is
 *     only noted, for what the service does is not known (docs/contracts/wiro.md section 2)
 * @param nemo settings of the NemoVideo service; default {@link NemoSettings#DEFAULT}
 */
public record SandboxConfig(
        String host,
        int port,
        double timeScale,
        @Nullable Duration taskDuration,
        int maxDimension,
        int frameRate,
        Set<String> imaKeys,
        long balance,
        @Nullable Path outputDir,
        Ffmpeg useFfmpeg,
        long seed,
        int renderThreads,
        Rendering rendering,
        InstantSource clock,
        Set<String> gatedModels,
        boolean matchingHttpStatus,
        double transitionalShare,
        long maxDiskBytes,
        Set<String> skillsvideoKeys,
        boolean olderAnswers,
        int progressFrames,
        @Nullable URI webhookUrl,
        String webhookSecret,
        Set<String> mediaioKeys,
        boolean localInputs,
        Map<String, String> wiroProjects,
        boolean wiroStrictNonces,
        NemoSettings nemo) {

    /** Secret of webhooks if none is set. */
    public static final String DEFAULT_WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /** Secret of Wiro's signatures if no projects are set. */
    public static final String DEFAULT_WIRO_SECRET = "wiro_secret";

    /** Most frames in one clip: keeps the cost of a long video near that of a short one. */
    public static final int MAX_FRAMES = 120;

    /** Whether ffmpeg may be used. */
    public enum Ffmpeg {
        /** If it is on the PATH. */
        AUTO,
        /** Always the pure Java encoder. */
        NEVER
    }

    /** What a result shows. */
    public enum Rendering {
        /** The pictures and the prompt of its request, one rendering per distinct request. */
        PER_REQUEST,
        /** One small clip for all: for load tests, where ten thousand distinct prompts would take hours to render. */
        SAMPLE
    }

    public SandboxConfig {
        imaKeys = Set.copyOf(imaKeys);
        gatedModels = Set.copyOf(gatedModels);
        skillsvideoKeys = Set.copyOf(skillsvideoKeys);
        mediaioKeys = Set.copyOf(mediaioKeys);
        wiroProjects = Map.copyOf(wiroProjects);
        require(port >= 0 && port <= 65_535, "port must be 0..65535");
        require(timeScale >= 0 && timeScale <= 100, "timeScale must be 0..100");
        require(taskDuration == null || !taskDuration.isNegative(), "taskDuration must not be negative");
        require(maxDimension >= 64 && maxDimension <= 1920, "maxDimension must be 64..1920");
        require(frameRate >= 1 && frameRate <= 60, "frameRate must be 1..60");
        require(renderThreads >= 1 && renderThreads <= 64, "renderThreads must be 1..64");
        require(transitionalShare >= 0 && transitionalShare <= 1, "transitionalShare must be 0..1");
        require(maxDiskBytes > 0, "maxDiskBytes must be positive");
        require(webhookSecret.matches("whsec_[0-9A-Za-z+/]+={0,2}"), "webhookSecret must be whsec_ and Base64");
        require(progressFrames >= 1 && progressFrames <= 1000, "progressFrames must be 1..1000");
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Collects the settings; each method is named like the component it sets. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private double timeScale;
        private @Nullable Duration taskDuration;
        private int maxDimension = 480;
        private int frameRate = 24;
        private Set<String> imaKeys = Set.of();
        private long balance = 1_000_000;
        private @Nullable Path outputDir;
        private Ffmpeg useFfmpeg = Ffmpeg.AUTO;
        private long seed = 42;
        private int renderThreads = 1;
        private Rendering rendering = Rendering.PER_REQUEST;
        private InstantSource clock = InstantSource.system();
        private Set<String> gatedModels = Set.of();
        private boolean matchingHttpStatus;
        private double transitionalShare = 1;
        private long maxDiskBytes = 2L << 30;
        private Set<String> skillsvideoKeys = Set.of();
        private boolean olderAnswers;
        private int progressFrames = 2;
        private @Nullable URI webhookUrl;
        private String webhookSecret = DEFAULT_WEBHOOK_SECRET;
        private Set<String> mediaioKeys = Set.of();
        private boolean localInputs;
        private Map<String, String> wiroProjects = Map.of();
        private boolean wiroStrictNonces;
        private NemoSettings nemo = NemoSettings.DEFAULT;

        private Builder() {}

        public Builder host(String value) {
            host = Objects.requireNonNull(value);
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder timeScale(double value) {
            timeScale = value;
            return this;
        }

        public Builder taskDuration(@Nullable Duration value) {
            taskDuration = value;
            return this;
        }

        public Builder maxDimension(int value) {
            maxDimension = value;
            return this;
        }

        public Builder frameRate(int value) {
            frameRate = value;
            return this;
        }

        public Builder imaKeys(Set<String> value) {
            imaKeys = value;
            return this;
        }

        public Builder balance(long value) {
            balance = value;
            return this;
        }

        public Builder outputDir(@Nullable Path value) {
            outputDir = value;
            return this;
        }

        public Builder useFfmpeg(Ffmpeg value) {
            useFfmpeg = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder renderThreads(int value) {
            renderThreads = value;
            return this;
        }

        public Builder rendering(Rendering value) {
            rendering = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public Builder gatedModels(Set<String> value) {
            gatedModels = value;
            return this;
        }

        public Builder matchingHttpStatus(boolean value) {
            matchingHttpStatus = value;
            return this;
        }

        public Builder transitionalShare(double value) {
            transitionalShare = value;
            return this;
        }

        public Builder maxDiskBytes(long value) {
            maxDiskBytes = value;
            return this;
        }

        public Builder skillsvideoKeys(Set<String> value) {
            skillsvideoKeys = value;
            return this;
        }

        public Builder olderAnswers(boolean value) {
            olderAnswers = value;
            return this;
        }

        public Builder progressFrames(int value) {
            progressFrames = value;
            return this;
        }

        public Builder webhookUrl(@Nullable URI value) {
            webhookUrl = value;
            return this;
        }

        public Builder webhookSecret(String value) {
            webhookSecret = Objects.requireNonNull(value);
            return this;
        }

        public Builder mediaioKeys(Set<String> value) {
            mediaioKeys = value;
            return this;
        }

        public Builder localInputs(boolean value) {
            localInputs = value;
            return this;
        }

        public Builder wiroProjects(Map<String, String> value) {
            wiroProjects = value;
            return this;
        }

        public Builder wiroStrictNonces(boolean value) {
            wiroStrictNonces = value;
            return this;
        }

        NemoSettings nemo() {
            return nemo;
        }

        public Builder nemo(NemoSettings value) {
            nemo = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @throws IllegalArgumentException if a setting is out of its bounds
         */
        public SandboxConfig build() {
            return new SandboxConfig(
                    host,
                    port,
                    timeScale,
                    taskDuration,
                    maxDimension,
                    frameRate,
                    imaKeys,
                    balance,
                    outputDir,
                    useFfmpeg,
                    seed,
                    renderThreads,
                    rendering,
                    clock,
                    gatedModels,
                    matchingHttpStatus,
                    transitionalShare,
                    maxDiskBytes,
                    skillsvideoKeys,
                    olderAnswers,
                    progressFrames,
                    webhookUrl,
                    webhookSecret,
                    mediaioKeys,
                    localInputs,
                    wiroProjects,
                    wiroStrictNonces,
                    nemo);
        }
    }
}
