/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.mediaio;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpUris;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaKind;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.Medium;
import io.genvideo.provider.support.Origin;
import io.genvideo.provider.support.ServiceAddress;
import io.genvideo.provider.support.Values;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which field carries which medium, and what is refused before it costs anything (docs/contracts/mediaio.md section 6). */
final class InputRules {
    static final InputChecks CHECKS = new InputChecks(MediaioErrors.ERRORS, "Media.io");

    /** What a user can do about a file. */
    static final String WAYS_OUT = "Media.io takes public URLs only and has no upload: give a public URL, or set option"
            + " uploadVia to an endpoint of the route's own (for example direct:upload) that stores the file and returns"
            + " its public URL";

    private InputRules() {}

    /**
     * The media by field. Fails with an {@code INVALID_REQUEST} error that says what is allowed.
     *
     * @param hasUploader whether the route has its own way to bring a file to a URL
     */
    static Map<FieldDefinition, List<Medium>> assigned(
            GenerationRequest request, MediaioModel model, ServiceAddress service, boolean hasUploader) {
        Operation operation = Objects.requireNonNull(request.operation(), "operation");
        Map<FieldDefinition, List<Medium>> byName = namedByParameter(request, model);
        List<Medium> media = request.inputs().stream()
                .map(input -> Medium.of(input, MediaioErrors.ERRORS))
                .toList();
        int named = byName.values().stream().mapToInt(List::size).sum();
        CHECKS.count(media.size() + named, least(model), most(model), operation, model.name());
        Map<FieldDefinition, List<Medium>> assigned = new LinkedHashMap<>(byName);
        for (Medium medium : media) {
            FieldDefinition field = field(medium, operation, model);
            if (byName.containsKey(field)) {
                throw MediaioErrors.ERRORS.invalid("an input and param." + field.name() + " are for the same field of "
                        + model.name() + "; give one of them");
            }
            assigned.computeIfAbsent(field, f -> new ArrayList<>()).add(medium);
        }
        model.mediaFields().forEach(field -> check(field, assigned.getOrDefault(field, List.of()), model));
        assigned.values().stream().flatMap(List::stream).forEach(medium -> {
            CHECKS.url(medium, service);
            if (medium.url() == null && !hasUploader) {
                throw MediaioErrors.ERRORS.invalid("input " + medium.displayName() + " is a local file. " + WAYS_OUT);
            }
        });
        return assigned;
    }

    /** How few media a model takes. */
    static int least(MediaioModel model) {
        return (int)
                model.mediaFields().stream().filter(FieldDefinition::required).count();
    }

    /** How many media a model takes. */
    static int most(MediaioModel model) {
        return model.mediaFields().stream().mapToInt(FieldDefinition::mostMedia).sum();
    }

    /** The addresses that a user gave by the service's own names of the fields. */
    private static Map<FieldDefinition, List<Medium>> namedByParameter(GenerationRequest request, MediaioModel model) {
        Map<FieldDefinition, List<Medium>> named = new LinkedHashMap<>();
        request.parameters()
                .forEach((name, value) -> model.field(name)
                        .filter(f -> f.isMedium() && value != null)
                        .ifPresent(field -> {
                            List<Medium> media = Json.elementsOrSelf(Values.unchecked(value))
                                    .map(element -> ofAddress("param." + name, element, field))
                                    .toList();
                            named.put(field, media);
                        }));
        return named;
    }

    private static Medium ofAddress(String label, JsonNode address, FieldDefinition field) {
        String text = address.isTextual() ? address.asText() : "";
        try {
            MediaSource source = new MediaSource.Url(HttpUris.parse(text));
            MediaRole role = isVideo(field) ? MediaRole.VIDEO : MediaRole.IMAGE;
            return Medium.of(new MediaInput(role, source), MediaioErrors.ERRORS);
        } catch (IllegalArgumentException e) {
            // the text may be a prompt that was set by the wrong name, and stays unsaid
            throw MediaioErrors.ERRORS.invalid(
                    label + " needs " + (field.isArray() ? "http or https URLs" : "one http or" + " https URL"));
        }
    }

    /**
     * Fails unless the route's uploader has returned an http or https URL. Whether it may be on a private network was for the
     * uploader to decide.
     */
    static URI uploaded(@Nullable URI url, MediaInput input) {
        if (url == null || Origin.of(url) == null) {
            throw MediaioErrors.ERRORS.invalid(
                    "the uploader (option uploadVia) returned no http or https URL for input "
                            + Values.shown(input.source().displayName()) + "; Media.io needs a public URL");
        }
        return url;
    }

    private static boolean isVideo(FieldDefinition field) {
        return field.medium() != null && field.medium().kind() == MediaKind.VIDEO;
    }

    private static FieldDefinition field(Medium medium, Operation operation, MediaioModel model) {
        List<FieldDefinition> fields = model.mediaFields();
        CHECKS.role(medium, roles(operation, model), operation);
        boolean video = medium.role() == MediaRole.VIDEO || medium.role() == null && medium.kind() == MediaKind.VIDEO;
        if (fields.size() > 1 && medium.role() == null && medium.kind() == MediaKind.OTHER) {
            throw MediaioErrors.ERRORS.invalid(
                    "input " + medium.displayName() + " does not tell what it is; give its role (image or video)");
        }
        return fields.stream()
                .filter(f -> isVideo(f) == video)
                .findFirst()
                // a video for a model without one: refused by its type
                .orElse(fields.get(0));
    }

    private static Set<MediaRole> roles(Operation operation, MediaioModel model) {
        EnumSet<MediaRole> roles = EnumSet.of(MediaRole.IMAGE);
        if (operation == Operation.IMAGE_TO_VIDEO || operation == Operation.GENERATE) {
            roles.add(MediaRole.FIRST_FRAME);
        }
        if (model.mediaFields().stream().anyMatch(InputRules::isVideo)) {
            roles.add(MediaRole.VIDEO);
            roles.add(MediaRole.REFERENCE);
        }
        return roles;
    }

    private static void check(FieldDefinition field, List<Medium> media, MediaioModel model) {
        MediaLimits limits = Objects.requireNonNull(field.medium());
        int least = field.required() ? 1 : 0;
        if (media.size() < least || media.size() > field.mostMedia()) {
            throw MediaioErrors.ERRORS.invalid("inputs: " + media.size() + " given for " + field.name() + ", but "
                    + model.name() + " takes " + (least == field.mostMedia() ? "" : least + " to ") + field.mostMedia()
                    + " there");
        }
        media.forEach(medium -> limits.check(medium, model.name()));
    }
}
