/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.Operation;
import java.net.URI;
import java.util.List;

/** The body of the paid call (contract 6): these fields and no others. */
final class CreateBody {
    private CreateBody() {}

    static String of(
            Operation taskType,
            ImaLeaf leaf,
            CreditRule rule,
            ResolvedParameters parameters,
            String prompt,
            List<URI> images) {
        ObjectNode inner = Json.NODES.objectNode();
        parameters.sent().forEach(inner::set);
        inner.put("prompt", prompt);
        inner.put("n", parameters.count());
        inner.set("input_images", urls(images));
        ObjectNode cast = inner.putObject("cast");
        points(cast, "points", rule);
        cast.put("attribute_id", rule.attributeId());

        ObjectNode body = Json.NODES.objectNode();
        body.put("task_type", taskType.path());
        body.put("enable_multi_model", false);
        body.set("src_img_url", urls(images));
        ObjectNode order = body.putArray("parameters").addObject();
        order.put("attribute_id", rule.attributeId());
        order.put("model_id", leaf.modelId());
        order.put("model_name", leaf.name());
        order.put("model_version", leaf.id());
        order.put("app", "ima");
        order.put("platform", "web");
        order.put("category", taskType.path());
        // The price of one result, also if n is more: the service multiplies (contract 3.4).
        points(order, "credit", rule);
        order.set("parameters", inner);
        return Json.write(body);
    }

    private static void points(ObjectNode node, String field, CreditRule rule) {
        node.set(field, Values.numberNode(rule.points(), null));
    }

    private static ArrayNode urls(List<URI> images) {
        ArrayNode array = Json.NODES.arrayNode();
        images.forEach(image -> array.add(image.toString()));
        return array;
    }
}
