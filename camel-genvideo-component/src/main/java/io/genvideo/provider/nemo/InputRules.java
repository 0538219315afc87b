/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.ServiceAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which media a generation takes, in which order and formats (docs/contracts/nemo.md section 7); before they are uploaded. */
final class InputRules {
    static final InputChecks CHECKS = new InputChecks(NemoErrors.ERRORS, "NemoVideo");

    private static final Set<String> FORMATS =
            Set.of("mp4", "mov", "avi", "webm", "mkv", "jpg", "jpeg", "png", "gif", "webp", "mp3", "wav", "m4a", "aac");
    private static final String ALLOWED = "mp4, mov, avi, webm, mkv, jpg, png, gif, webp, mp3, wav, m4a, aac";

    /** A bound of this component: the service states none, and each file is a call. */
    private static final int MOST = 20;

    private InputRules() {}

    static int least(Operation operation, boolean inSession) {
        return switch (operation) {
            case FIRST_LAST_FRAME_TO_VIDEO -> 2;
            case IMAGE_TO_VIDEO, REFERENCE_IMAGE_TO_VIDEO, VIDEO_TO_VIDEO -> inSession ? 0 : 1;
            default -> 0;
        };
    }

    static int most(Operation operation) {
        return operation == Operation.FIRST_LAST_FRAME_TO_VIDEO ? 2 : operation == Operation.TEXT_TO_VIDEO ? 0 : MOST;
    }

    /**
     * The media of a request in the order in which they are uploaded.
     *
     * @param inSession whether the session may have media from before
     */
    static List<Medium> check(
            GenerationRequest request, Operation operation, boolean inSession, ServiceAddress service) {
        List<Medium> media = request.inputs().stream()
                .map(input -> Medium.of(input, NemoErrors.ERRORS))
                .toList();
        CHECKS.count(media.size(), least(operation, inSession), most(operation), operation, NemoRequests.AGENT);
        media.forEach(m -> check(m, service));
        media.forEach(m -> checkKind(m, operation));
        return operation == Operation.FIRST_LAST_FRAME_TO_VIDEO
                ? CHECKS.framesInOrder(media.get(0), media.get(1))
                : media;
    }

    /** One medium, whatever it is for. */
    static void check(Medium medium, ServiceAddress service) {
        CHECKS.url(medium, service);
        @Nullable String format = MimeTypes.extensionFor(medium.mimeType());
        if (medium.url() == null && (format == null || !FORMATS.contains(format))) {
            throw NemoErrors.ERRORS.invalid("input " + medium.displayName() + " is of type " + medium.mimeType()
                    + ", which NemoVideo does not take; allowed: " + ALLOWED);
        }
    }

    private static void checkKind(Medium medium, Operation operation) {
        MediaKind wanted = operation.takesPictures() ? MediaKind.IMAGE : null;
        if (wanted != null && medium.url() == null && medium.kind() != wanted) {
            throw NemoErrors.ERRORS.invalid("input " + medium.displayName() + " is of type " + medium.mimeType()
                    + ", but " + operation.path() + " takes pictures; generate takes any media");
        }
    }
}
