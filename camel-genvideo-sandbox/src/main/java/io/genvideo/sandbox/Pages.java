/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.skillsvideo.SkillsvideoService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The sandbox's own pages: a view for people, the ledger and the faults for harnesses. */
final class Pages {
    private static final int MAX_BODY = 1 << 20;
    private static final int SHOWN = 50;

    private final Sandbox sandbox;
    private final SandboxConfig config;

    Pages(Sandbox sandbox, SandboxConfig config) {
        this.sandbox = sandbox;
        this.config = config;
    }

    List<Route> routes(MediaStore media) {
        return List.of(
                new Route(media::owner, "media", Set.of("GET"), "/media/", false, media::serve),
                Route.of(Sandbox.OWN, "index", "GET", "/", this::index),
                Route.of(Sandbox.OWN, "ledger", "GET", "/sandbox/ledger", r -> Answer.json(200, ledger())),
                new Route(
                        p -> Sandbox.OWN,
                        "faults",
                        Set.of("GET", "POST", "DELETE"),
                        "/sandbox/faults",
                        false,
                        this::faults));
    }

    private Map<String, Object> ledger() {
        Ledger l = sandbox.ledger();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("creates", l.creates());
        all.put("requests", l.requests());
        all.put("charges", list(l.charges().stream().map(Pages::entry)));
        all.put("violations", list(l.violations().stream().map(Pages::entry)));
        all.put("injected", list(l.injected().stream().map(Pages::entry)));
        all.put("tasks", list(l.tasks().stream().map(Pages::entry)));
        Map<String, Long> balances = new LinkedHashMap<>();
        l.charges().forEach(c -> balances.put(c.account(), l.balance(c.account())));
        all.put("balances", balances);
        return all;
    }

    private static List<Object> list(Stream<ObjectNode> entries) {
        return entries.<Object>map(n -> n).toList();
    }

    /** A record of the ledger as JSON, times as ISO text. */
    private static ObjectNode entry(Object o) {
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
            case "DELETE" -> sandbox.faults().clear();
            case "POST" -> {
                byte[] body = request.body(MAX_BODY);
                JsonNode rules = Json.parse(body == null ? new byte[0] : body);
                try {
                    List<FaultRule> parsed = FaultJson.rules(rules);
                    parsed.forEach(sandbox.faults()::add);
                } catch (IllegalArgumentException e) {
                    return Answer.json(400, Map.of("error", String.valueOf(e.getMessage())));
                }
            }
            default -> {}
        }
        ArrayNode now = Json.MAPPER.createArrayNode();
        sandbox.faults().rules().forEach(r -> now.add(FaultJson.write(r)));
        return Answer.json(200, now);
    }

    private Answer index(Request request) throws IOException {
        String template;
        try (InputStream in = Pages.class.getResourceAsStream("index.html")) {
            if (in == null) {
                throw new IOException("index.html is missing from the jar");
            }
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Ledger l = sandbox.ledger();
        List<Ledger.TaskView> tasks = l.tasks();
        StringBuilder rows = new StringBuilder();
        for (int i = tasks.size() - 1; i >= Math.max(0, tasks.size() - SHOWN); i--) {
            row(rows, tasks.get(i));
        }
        StringBuilder violations = new StringBuilder();
        List<Ledger.Violation> all = l.violations();
        for (int i = all.size() - 1; i >= Math.max(0, all.size() - 20); i--) {
            Ledger.Violation v = all.get(i);
            violations
                    .append("<li><code>")
                    .append(escape(v.service() + "/" + v.route()))
                    .append("</code> ")
                    .append(escape(v.what()))
                    .append("</li>");
        }
        String page = template.replace("{{base}}", escape(request.origin() + "/ima"))
                .replace("{{upload}}", escape(request.origin() + "/ima-upload"))
                .replace("{{skillsvideo}}", escape(request.origin() + SkillsvideoService.BASE))
                .replace("{{creates}}", Integer.toString(l.creates()))
                .replace("{{violationCount}}", Long.toString(l.violationCount()))
                .replace("{{violations}}", violations)
                .replace("{{faults}}", Integer.toString(sandbox.faults().rules().size()))
                .replace("{{taskCount}}", Integer.toString(tasks.size()))
                .replace("{{speed}}", speed())
                .replace("{{tasks}}", rows);
        return Answer.text(200, "text/html; charset=utf-8", page);
    }

    private String speed() {
        return config.taskDuration() != null
                ? "every task takes " + config.taskDuration().toMillis() + " ms"
                : "time scale " + config.timeScale();
    }

    private static void row(StringBuilder rows, Ledger.TaskView t) {
        rows.append("<tr><td><code>")
                .append(escape(t.taskId()))
                .append("</code><br>")
                .append(escape(t.model()))
                .append("</td><td class=\"")
                .append(escape(t.state()))
                .append("\">")
                .append(escape(t.state()))
                .append("</td><td>")
                .append(t.createdAt())
                .append("<br>")
                .append(t.polls())
                .append(" polls</td><td>");
        for (String path : t.mediaPaths()) {
            if (path.endsWith(".png")) {
                rows.append("<img width=\"240\" alt=\"\" src=\"")
                        .append(escape(path))
                        .append("\"> ");
                continue;
            }
            String cover = path.replace(".mp4", ".jpg");
            rows.append("<video controls preload=\"none\" width=\"240\" poster=\"")
                    .append(escape(cover))
                    .append("\" src=\"")
                    .append(escape(path))
                    .append("\"></video> <a href=\"")
                    .append(escape(path))
                    .append("\">mp4</a> ");
        }
        rows.append("</td></tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
