/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The product lists, as they were captured in public in spring 2026 (docs/contracts/ima.md section 13). A test may
 * change them, as the real ones change: clients that hold an older list must notice. Thread-safe.
 */
public final class Catalogue {
    /** The task types that have a list here. */
    public static final List<String> TASK_TYPES =
            List.of("text_to_video", "image_to_video", "first_last_frame_to_video", "reference_image_to_video");

    private final Map<String, ArrayNode> lists = new ConcurrentHashMap<>();
    private final Map<String, List<Leaf>> leaves = new ConcurrentHashMap<>();
    private final Set<String> everValid = ConcurrentHashMap.newKeySet();

    Catalogue() {
        reset();
    }

    /** Back to the captured lists. */
    public synchronized void reset() {
        for (String type : TASK_TYPES) {
            String name = "ima_products_" + type + ".tree.json";
            try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException(name + " is missing from the jar");
                }
                publish(type, (ArrayNode) Json.MAPPER.readTree(in).path("data"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Changes the price of a rule. */
    public void setPoints(String taskType, String leafId, int attributeId, int points) {
        changeRule(taskType, leafId, attributeId, rule -> rule.put("points", points));
    }

    /** Gives a rule another id. */
    public void setAttributeId(String taskType, String leafId, int attributeId, int newId) {
        changeRule(taskType, leafId, attributeId, rule -> rule.put("attribute_id", newId));
    }

    /** Removes a rule. */
    public void removeRule(String taskType, String leafId, int attributeId) {
        changeLeaf(taskType, leafId, (siblings, at) -> {
            ArrayNode rules = (ArrayNode) siblings.get(at).path("credit_rules");
            rules.remove(indexOfRule(rules, attributeId));
        });
    }

    /** Takes a model off the list. */
    public void remove(String taskType, String leafId) {
        changeLeaf(taskType, leafId, (siblings, at) -> siblings.remove(at.intValue()));
    }

    /** Puts a model before the others of its group. */
    public void moveFirst(String taskType, String leafId) {
        changeLeaf(taskType, leafId, (siblings, at) -> siblings.insert(0, siblings.remove(at.intValue())));
    }

    /** Ids of the leaves of a task type, in the order of the list. */
    public List<String> leafIds(String taskType) {
        return leaves(taskType).stream().map(Leaf::id).toList();
    }

    Optional<Leaf> leaf(String taskType, String leafId) {
        return leaves(taskType).stream().filter(l -> l.id().equals(leafId)).findFirst();
    }

    List<Leaf> leaves(String taskType) {
        return leaves.getOrDefault(taskType, List.of());
    }

    /** The list as it is answered; with ids, only those models. */
    ArrayNode list(String taskType, Set<String> modelIds) {
        ArrayNode list = lists.getOrDefault(taskType, Json.MAPPER.createArrayNode());
        if (modelIds.isEmpty()) {
            return list;
        }
        ArrayNode filtered = Json.MAPPER.createArrayNode();
        for (JsonNode group : list) {
            ObjectNode copy = group.deepCopy();
            ArrayNode children = (ArrayNode) copy.path("children");
            for (int i = children.size() - 1; i >= 0; i--) {
                if (!modelIds.contains(children.get(i).path("model_id").asText())) {
                    children.remove(i);
                }
            }
            if (!children.isEmpty()) {
                filtered.add(copy);
            }
        }
        return filtered;
    }

    /** Whether this price stood in the list at some time: then the client's copy is stale, not its code wrong. */
    boolean wasValid(String taskType, String leafId, int attributeId, int points) {
        return everValid.contains(valid(taskType, leafId, attributeId, points));
    }

    /** Whether this model stood in the list at some time. */
    boolean wasListed(String taskType, String leafId) {
        return everValid.contains(taskType + "/" + leafId);
    }

    private void changeRule(String taskType, String leafId, int attributeId, Consumer<ObjectNode> change) {
        changeLeaf(taskType, leafId, (siblings, at) -> {
            ArrayNode rules = (ArrayNode) siblings.get(at).path("credit_rules");
            change.accept((ObjectNode) rules.get(indexOfRule(rules, attributeId)));
        });
    }

    private static int indexOfRule(ArrayNode rules, int attributeId) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).path("attribute_id").asInt() == attributeId) {
                return i;
            }
        }
        throw new IllegalArgumentException("no rule " + attributeId);
    }

    private synchronized void changeLeaf(String taskType, String leafId, BiConsumer<ArrayNode, Integer> change) {
        ArrayNode copy =
                lists.getOrDefault(taskType, Json.MAPPER.createArrayNode()).deepCopy();
        for (JsonNode group : copy) {
            ArrayNode siblings = (ArrayNode) group.path("children");
            for (int i = 0; i < siblings.size(); i++) {
                if (siblings.get(i).path("id").asText().equals(leafId)) {
                    change.accept(siblings, i);
                    publish(taskType, copy);
                    return;
                }
            }
        }
        throw new IllegalArgumentException("no model " + leafId + " in " + taskType);
    }

    private void publish(String taskType, ArrayNode list) {
        List<Leaf> found = new ArrayList<>();
        list.forEach(n -> collect(taskType, n, found));
        leaves.put(taskType, List.copyOf(found));
        lists.put(taskType, list);
        for (Leaf leaf : leaves(taskType)) {
            everValid.add(taskType + "/" + leaf.id());
            leaf.rules().forEach(r -> everValid.add(valid(taskType, leaf.id(), r.attributeId(), r.points())));
        }
    }

    private static String valid(String taskType, String leafId, int attributeId, int points) {
        return taskType + "/" + leafId + "/" + attributeId + "/" + points;
    }

    private static void collect(String taskType, JsonNode node, List<Leaf> leaves) {
        if (node.path("type").asText().equals("3")) {
            leaves.add(new Leaf(taskType, node));
        }
        node.path("children").forEach(n -> collect(taskType, n, leaves));
    }
}
