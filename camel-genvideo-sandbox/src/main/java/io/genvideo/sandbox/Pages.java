/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sandbox's own pages: a view for people, the ledger and the faults for harnesses. */
final class Pages {
    /** Name of the route of results, in fault rules and in the ledger. */
    static final String MEDIA_ROUTE = "media";

    private static final int MAX_BODY = 1 << 20;
    /** Most entries of each list of the ledger in one answer. */
    private static final int PAGE = 1_000;

    private final Sandbox sandbox;

    Pages(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> routes(MediaStore media) {
        return List.of(
                new Route(media::owner, MEDIA_ROUTE, Set.of("GET"), "/media/", false, media::serve),
                Route.of(Sandbox.OWN, "ledger", "GET", "/sandbox/ledger", this::ledger),
                new Route(
                        p -> Sandbox.OWN,
                        "faults",
                        Set.of("GET", "POST", "DELETE"),
                        "/sandbox/faults",
                        false,
                        this::faults));
    }

    /** {@code from} and {@code limit} of the query page through each of the lists. One at a time: it copies all tasks. */
    private synchronized Answer ledger(Request request) {
        int from = number(request, "from", 0);
        int limit = number(request, "limit", PAGE);
        if (from < 0 || limit < 1) {
            return Answer.json(400, Map.of("error", "from must be at least 0 and limit at least 1, whole numbers"));
        }
        return Answer.json(200, ledger(from, Math.min(PAGE, limit)));
    }

    /** -1 for what is no number of at most nine digits. */
    private static int number(Request request, String name, int otherwise) {
        String text = request.query(name);
        return text == null ? otherwise : text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    private Map<String, Object> ledger(int from, int limit) {
        Ledger l = sandbox.ledger();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("creates", l.creates());
        all.put("requests", l.requests());
        all.put("charges", list(l.charges(), from, limit));
        all.put("violations", list(l.violations(), from, limit));
        all.put("notes", list(l.notes(), from, limit));
        all.put("injected", list(l.injected(), from, limit));
        List<Ledger.TaskView> tasks = l.tasks();
        all.put("taskCount", tasks.size());
        all.put("tasks", list(tasks, from, limit));
        all.put("balances", l.balances());
        return all;
    }

    private static List<Object> list(List<?> entries, int from, int limit) {
        return entries.stream()
                .skip(from)
                .limit(limit)
                .<Object>map(Pages::entry)
                .toList();
    }

    /** A record of the ledger as JSON, times as ISO text. */
    static ObjectNode entry(Object o) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        for (var component : o.getClass().getRecordComponents()) {
            Object value;
            try {
                value = component.getAccessor().invoke(o);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            if (value instanceof Number || value instanceof List) {
                node.set(component.getName(), Json.MAPPER.valueToTree(value));
            } else if (value != null) {
                node.put(component.getName(), value.toString());
            }
        }
        return node;
    }

    private Answer faults(Request request) throws IOException {
        switch (request.method()) {
            case "DELETE" -> {
                if (request.query("id") == null) {
                    sandbox.faults().clear();
                } else {
                    sandbox.faults().remove(number(request, "id", -1));
                }
            }
            case "POST" -> {
                byte[] body = request.body(MAX_BODY);
                JsonNode rules = Json.parse(body == null ? new byte[0] : body);
                try {
                    sandbox.faults().addAll(FaultJson.rules(rules));
                } catch (IllegalArgumentException e) {
                    return Answer.json(400, Map.of("error", String.valueOf(e.getMessage())));
                }
            }
            default -> {}
        }
        return Answer.json(200, rules(sandbox.faults()));
    }

    /** The active rules as JSON, each with the id by which it can be removed. */
    static ArrayNode rules(Faults faults) {
        ArrayNode rules = Json.MAPPER.createArrayNode();
        faults.rulesById().forEach((id, rule) -> rules.add(FaultJson.write(rule).put("id", id)));
        return rules;
    }
}
