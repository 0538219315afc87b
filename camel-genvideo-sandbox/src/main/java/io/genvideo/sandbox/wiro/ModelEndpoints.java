/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code Tool/List}, {@code Tool/Detail} and {@code Tool/Explore} (docs/contracts/wiro.md section 10). */
final class ModelEndpoints {
    private static final Set<String> SORTS =
            Set.of("id", "relevance", "time", "averagepoint", "commentcount", "ratedusercount");

    private final Models models;
    private final Ledger ledger;

    ModelEndpoints(Models models, Ledger ledger) {
        this.models = models;
        this.ledger = ledger;
    }

    private Answer refuse(String route, String what) {
        ledger.violation(WiroService.NAME, route, what);
        return Responses.invalid();
    }

    Answer list(ObjectNode body) {
        String start = body.path("start").asText("0");
        String limit = body.path("limit").asText("20");
        if (!start.matches("\\d{1,6}") || !limit.matches("[1-9]\\d{0,2}")) {
            return refuse("tool-list", "start and limit must be whole numbers, limit from 1 to 999");
        }
        if (body.has("sort") && !SORTS.contains(body.path("sort").asText())) {
            return refuse("tool-list", "sort must be one of " + SORTS);
        }
        if (!body.path("start").isTextual() || !body.path("limit").isTextual()) {
            ledger.note(WiroService.NAME, "tool-list", "start and limit are texts in the vendor's own requests");
        }
        String search = body.path("search").asText("").toLowerCase(Locale.ROOT);
        String owner = body.path("slugowner").asText("");
        List<Model> found = models.all().stream()
                .filter(m -> m.name().toLowerCase(Locale.ROOT).contains(search))
                .filter(m -> owner.isEmpty()
                        || m.owner().equalsIgnoreCase(owner)
                        || m.cleanOwner().equalsIgnoreCase(owner))
                .filter(m -> isIn(m, body.path("categories")))
                .sorted(order(body))
                .toList();
        ObjectNode answer = Responses.success().put("total", Integer.toString(found.size()));
        ArrayNode tools = answer.putArray("tool");
        found.stream().skip(Long.parseLong(start)).limit(Long.parseLong(limit)).forEach(m -> tools.add(m.listed()));
        return Responses.ok(answer);
    }

    private static Comparator<Model> order(ObjectNode body) {
        if (!body.path("sort").asText().equals("id")) {
            return (a, b) -> 0;
        }
        Comparator<Model> byId = Comparator.comparing(m -> Integer.valueOf(m.id()));
        return body.path("order").asText("DESC").equalsIgnoreCase("ASC") ? byId : byId.reversed();
    }

    private static boolean isIn(Model model, JsonNode categories) {
        String own = model.listed().path("categories").path(0).asText();
        for (JsonNode category : categories) {
            if (category.asText().equals(own)) {
                return true;
            }
        }
        return categories.isEmpty();
    }

    Answer detail(ObjectNode body) {
        Optional<Model> model = models.find(
                body.path("slugowner").asText(), body.path("slugproject").asText());
        if (model.isEmpty()) {
            return Responses.error(1, Responses.UNKNOWN_MODEL);
        }
        ObjectNode answer = Responses.success();
        answer.putArray("tool").add(model.get().detailed());
        return Responses.ok(answer);
    }

    Answer explore(ObjectNode body) {
        ObjectNode answer = Responses.success();
        ArrayNode explore = answer.putArray("explore");
        for (Model.Kind kind : Model.Kind.values()) {
            ArrayNode tools = Json.MAPPER.createArrayNode();
            models.all().stream().filter(m -> m.kind() == kind).limit(10).forEach(m -> tools.add(m.listed()));
            explore.addObject()
                    .put("id", Integer.toString(kind.ordinal() + 1))
                    .put("title", kind.name().toLowerCase(Locale.ROOT))
                    .set("tools", tools);
        }
        return Responses.ok(answer);
    }
}
