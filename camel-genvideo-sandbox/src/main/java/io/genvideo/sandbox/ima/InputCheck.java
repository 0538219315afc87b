/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.PublicUrl;
import io.genvideo.sandbox.media.MediaStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Checks the inputs of a create: number, address, and whether both lists agree (docs/contracts/ima.md section 6). */
final class InputCheck {
    private final MediaStore media;
    private final Function<String, Optional<String>> own;

    /** @param own path of a URL on this sandbox; empty for one elsewhere */
    InputCheck(MediaStore media, Function<String, Optional<String>> own) {
        this.media = media;
        this.own = own;
    }

    /** Returns the URLs of all inputs, in order; says what is wrong with them. */
    List<String> check(JsonNode body, JsonNode inner, Leaf leaf, Consumer<String> bad) {
        List<String> images = strings(body.path("src_img_url"), "src_img_url", bad);
        List<String> all = strings(inner.path("input_images"), "input_images", bad);
        boolean multimodal = body.has("src_image") || body.has("src_video") || body.has("src_audio");
        if (multimodal ? !isPart(images, all) : !images.equals(all)) {
            bad.accept("src_img_url and input_images are not the same list");
        }
        count(leaf, all.size(), bad);
        for (String url : all) {
            one(url, leaf, bad);
        }
        return all;
    }

    /** With video or audio among the inputs, src_img_url lists the pictures only. */
    private static boolean isPart(List<String> part, List<String> whole) {
        return whole.stream().filter(part::contains).toList().equals(part);
    }

    private static List<String> strings(JsonNode list, String name, Consumer<String> bad) {
        List<String> strings = new ArrayList<>();
        if (!list.isArray()) {
            bad.accept(name + " must be a list, an empty one for text_to_video");
            return strings;
        }
        for (JsonNode n : list) {
            if (!n.isTextual()) {
                bad.accept(name + " holds something that is not a string");
            }
            strings.add(n.asText());
        }
        return strings;
    }

    private static void count(Leaf leaf, int count, Consumer<String> bad) {
        int min = switch (leaf.taskType()) {
            case "text_to_video" -> 0;
            case "first_last_frame_to_video" -> 2;
            default -> 1;
        };
        int max = switch (leaf.taskType()) {
            case "text_to_video" -> 0;
            case "first_last_frame_to_video" -> 2;
            default -> Integer.MAX_VALUE;
        };
        // Pixverse lists a minimum of 0 pictures for a reference task; without one it would be no such task.
        min = Math.max(min, leaf.minInputs().orElse(min));
        max = Math.min(max, leaf.maxInputs().orElse(max));
        if (count < min || count > max) {
            bad.accept(leaf.taskType() + " with " + leaf.id() + " takes "
                    + (max == Integer.MAX_VALUE ? min + " or more" : min == max ? "exactly " + min : min + " to " + max)
                    + " inputs, not " + count);
        }
    }

    private void one(String url, Leaf leaf, Consumer<String> bad) {
        Optional<String> path = own.apply(url);
        if (path.isEmpty()) {
            PublicUrl.complaint(url).ifPresent(why -> bad.accept("an input " + why));
            return;
        }
        Optional<MediaStore.Media> medium = media.find(path.get());
        if (medium.isEmpty()) {
            bad.accept("input URL " + path.get() + " was never uploaded");
        } else if (!leaf.accepts(medium.get().contentType())) {
            bad.accept(leaf.id() + " in " + leaf.taskType() + " takes no "
                    + medium.get().contentType());
        }
    }
}
