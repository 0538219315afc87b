/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.genvideo.sandbox.media.MediaStore;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which input URLs a service takes: those of media that are kept here, and those that could be fetched from the internet.
 * With {@link SandboxConfig#localInputs} also private addresses, for routes that upload to an object store of their own.
 */
public final class InputUrls {
    private final SandboxConfig config;
    private final MediaStore media;

    public InputUrls(SandboxConfig config, MediaStore media) {
        this.config = config;
        this.media = media;
    }

    /**
     * Returns why a URL is refused; empty if it is accepted.
     *
     * @param own path of a URL on this sandbox; empty for one elsewhere
     */
    public Optional<String> complaint(String url, Function<String, Optional<String>> own) {
        Optional<String> path = own.apply(url);
        if (path.isPresent()) {
            return media.find(path.get()).isPresent()
                    ? Optional.empty()
                    : Optional.of("does not exist on this server (" + path.get() + ")");
        }
        Optional<String> complaint = PublicUrl.complaint(url);
        boolean reachable = config.localInputs() && PublicUrl.hasHost(url);
        return reachable ? Optional.empty() : complaint;
    }
}
