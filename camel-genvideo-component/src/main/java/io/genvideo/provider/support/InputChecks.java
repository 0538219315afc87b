/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rules for input media that hold for every service. Each check fails with
 * {@link io.genvideo.model.InvalidGenerationRequestException}, which names the input and what is allowed.
 */
public final class InputChecks {
    private final ServiceErrors errors;
    private final String title;

    /** @param title the service's name for people */
    public InputChecks(ServiceErrors errors, String title) {
        this.errors = errors;
        this.title = title;
    }

    /**
     * Fails unless there is a prompt.
     *
     * @param what needs it: the operation, or the operation with its model
     */
    public void prompt(@Nullable String prompt, String what) {
        if (prompt == null || prompt.isBlank()) {
            throw errors.invalid(
                    "prompt is missing: " + what + " needs one; set header CamelGenvideoPrompt or option prompt");
        }
    }

    /** Fails unless a medium that is a URL is one that the service can fetch. */
    public void url(Medium medium, ServiceAddress service) {
        URI url = medium.url();
        if (url == null) {
            return;
        }
        if (Origin.of(url) == null) {
            throw errors.invalid("input " + Values.shown(url.getScheme() + ":")
                    + " is not an http or https address; give a file as a file, it is sent to the service");
        }
        if (!service.canFetch(url)) {
            throw errors.invalid("input " + medium.displayName() + " is on a private network (host " + url.getHost()
                    + "), where " + title + " cannot fetch it; give a public address or the file itself");
        }
    }

    /**
     * Fails unless so many media are allowed.
     *
     * @param most {@link Integer#MAX_VALUE} for no limit
     */
    public void count(int count, int least, int most, Operation operation, String model) {
        if (count >= least && count <= most) {
            return;
        }
        String allowed = most == 0
                ? "none"
                : least == most
                        ? "exactly " + least
                        : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
        throw errors.invalid("inputs: " + count + " given, but " + operation.path() + " with " + model + " takes "
                + allowed
                + (operation == Operation.FIRST_LAST_FRAME_TO_VIDEO ? " (first frame, then last frame)" : ""));
    }

    /** Fails if a medium has a role that an operation does not take. */
    public void role(Medium medium, Set<MediaRole> allowed, Operation operation) {
        MediaRole role = medium.role();
        if (role != null && !allowed.contains(role)) {
            throw errors.invalid("input " + medium.displayName() + " has the role " + role.path() + ", but "
                    + operation.path() + " takes "
                    + allowed.stream().sorted().map(MediaRole::path).collect(Collectors.joining(", ")));
        }
    }

    /** First frame, last frame: by their roles where they have them, else as given. */
    public List<Medium> framesInOrder(Medium a, Medium b) {
        @Nullable MediaRole first = a.role();
        if (first == b.role() && (first == MediaRole.FIRST_FRAME || first == MediaRole.LAST_FRAME)) {
            throw errors.invalid(
                    "inputs: both have the role " + first.path() + "; one first_frame and one last_frame are needed");
        }
        boolean swapped = first == MediaRole.LAST_FRAME || b.role() == MediaRole.FIRST_FRAME;
        return swapped ? List.of(b, a) : List.of(a, b);
    }
}
