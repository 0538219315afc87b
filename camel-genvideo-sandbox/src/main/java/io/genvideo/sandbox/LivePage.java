/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page for people who develop routes: tasks, balances, violations and faults, live. The server pushes only that something
 * changed; the page then reads the part of the list that it shows, so that thirty thousand tasks cost no more than twenty.
 */
final class LivePage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
    private static final String PAGE = "/sandbox/page";
    private static final String MEDIA = PAGE + "/media";
    private static final long PUSH_MILLIS = 700;
    private static final int MAX_PAGE = 100;
    private static final int SHOWN_VIOLATIONS = 50;
    private static final int MAX_WATCHERS = 50;

    private final Sandbox sandbox;
    private final SandboxConfig config;
    private final MediaStore store;
    private final Set<EventSource.Sink> watchers = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private volatile String pushed = "";

    LivePage(Sandbox sandbox, SandboxConfig config, MediaStore store) {
        this.sandbox = sandbox;
        this.store = store;
        this.config = config;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sandbox-page");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::push, PUSH_MILLIS, PUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    List<Route> routes() {
        return List.of(
                Route.of(Sandbox.OWN, "index", "GET", "/", this::index),
                Route.of(Sandbox.OWN, "page-tasks", "GET", "/sandbox/page/tasks", this::tasks),
                Route.of(Sandbox.OWN, "page-summary", "GET", "/sandbox/page/summary", this::summary),
                Route.of(Sandbox.OWN, "page-media", "GET", MEDIA + "/", this::media),
                Route.of(Sandbox.OWN, "page-events", "GET", "/sandbox/page/events", this::events),
                Route.of(Sandbox.OWN, "reset", "POST", "/sandbox/reset", this::reset));
    }

    private Answer index(Request request) throws IOException {
        try (InputStream in = LivePage.class.getResourceAsStream("index.html")) {
            if (in == null) {
                throw new IOException("index.html is missing from the jar");
            }
            return Answer.of(200, "text/html; charset=utf-8", in.readAllBytes()).with("Cache-Control", "no-cache");
        }
    }

    /** What the page shows is neither counted nor subject to faults, unlike the same file at the path that clients use. */
    private Answer media(Request request) throws IOException {
        return store.serve(request, request.path().substring(PAGE.length()));
    }

    private Answer reset(Request request) {
        sandbox.reset();
        return Answer.json(200, Map.of("reset", true));
    }

    private Answer events(Request request) {
        if (watchers.size() >= MAX_WATCHERS) {
            return Answer.text(503, "text/plain", "too many pages are open\n");
        }
        return Answer.events(sink -> {
            watchers.add(sink);
            sink.frame(frame(pushed), false);
            return () -> watchers.remove(sink);
        });
    }

    private static byte[] frame(String revision) {
        return ("{\"revision\":\"" + revision + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private void push() {
        if (watchers.isEmpty()) {
            return;
        }
        try {
            String now = revision();
            if (!now.equals(pushed)) {
                pushed = now;
                watchers.forEach(w -> w.frame(frame(now), false));
            }
        } catch (RuntimeException e) {
            LOG.warn("the page could not be told what changed", e);
        }
    }

    /** Differs whenever the page would show something else. Progress is drawn by the page from the times of a task. */
    private String revision() {
        Ledger ledger = sandbox.ledger();
        long hash = 7;
        for (Ledger.TaskView task : ledger.tasks()) {
            hash = hash * 31 + task.state().hashCode() + task.polls();
        }
        return ledger.creates() + "-" + ledger.violationCount() + "-"
                + ledger.notes().size() + "-"
                + sandbox.faults().rulesById().keySet().hashCode() + "-"
                + ledger.injected().size() + "-" + Long.toHexString(hash);
    }

    /** One at a time, as the summary: each copies all tasks. */
    private synchronized Answer tasks(Request request) {
        String service = text(request, "service");
        String state = text(request, "state");
        String search = text(request, "search").toLowerCase(Locale.ROOT);
        List<Ledger.TaskView> found = sandbox.ledger().tasks().stream()
                .filter(t -> service.isEmpty() || t.service().equals(service))
                .filter(t -> state.isEmpty() || t.state().equals(state))
                .filter(t -> search.isEmpty() || searched(t).contains(search))
                .sorted(Comparator.comparing(Ledger.TaskView::createdAt).reversed())
                .toList();
        int size = Math.max(1, Math.min(MAX_PAGE, number(text(request, "size"), 20)));
        int pages = Math.max(1, (found.size() + size - 1) / size);
        int page = Math.max(0, Math.min(pages - 1, number(text(request, "page"), 0)));
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("total", found.size())
                .put("page", page)
                .put("pages", pages)
                .put("now", config.clock().instant().toString());
        ArrayNode items = answer.putArray("tasks");
        found.stream().skip((long) page * size).limit(size).forEach(t -> items.add(Pages.entry(t)));
        return Answer.json(200, answer);
    }

    private static String searched(Ledger.TaskView task) {
        return (task.taskId() + " " + task.model() + " " + task.account() + " " + task.failure())
                .toLowerCase(Locale.ROOT);
    }

    private static String text(Request request, String name) {
        String value = request.query(name);
        return value == null ? "" : value.trim();
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,7}") ? Integer.parseInt(text) : otherwise;
    }

    private synchronized Answer summary(Request request) {
        Ledger ledger = sandbox.ledger();
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.put("creates", ledger.creates());
        all.put("violationCount", ledger.violationCount());
        all.put("speed", speed());
        Map<String, Integer> states = new TreeMap<>();
        ledger.tasks().forEach(t -> states.merge(t.state(), 1, Integer::sum));
        all.set("states", Json.MAPPER.valueToTree(states));
        all.set("balances", Json.MAPPER.valueToTree(ledger.balances()));
        List<Ledger.Violation> violations = ledger.violations();
        ArrayNode latest = all.putArray("violations");
        for (int i = violations.size() - 1; i >= Math.max(0, violations.size() - SHOWN_VIOLATIONS); i--) {
            latest.add(Pages.entry(violations.get(i)));
        }
        ArrayNode notes = all.putArray("notes");
        ledger.notes().stream()
                .sorted(Comparator.comparing((Ledger.Note n) -> n.last()).reversed())
                .limit(SHOWN_VIOLATIONS)
                .forEach(n -> notes.add(Pages.entry(n)));
        all.set("faults", Pages.rules(sandbox.faults()));
        all.set("routes", Json.MAPPER.valueToTree(sandbox.faults().routes()));
        ArrayNode services = all.putArray("services");
        for (SandboxService service : sandbox.services()) {
            services.addObject()
                    .put("name", service.name())
                    .put("title", service.title())
                    .put("options", service.endpointOptions(request.origin()))
                    .put("key", service.keyHint());
        }
        ArrayNode directives = all.putArray("directives");
        Directives.names().forEach(directives::add);
        return Answer.json(200, all);
    }

    private String speed() {
        return config.taskDuration() != null
                ? "every task takes " + config.taskDuration().toMillis() + " ms"
                : config.timeScale() == 0
                        ? "tasks end as soon as their video is rendered"
                        : config.timeScale() == 1
                                ? "tasks take as long as at the service"
                                : "tasks take " + new DecimalFormat("0.#").format(config.timeScale() * 100)
                                        + " % of the time at the service";
    }

    @Override
    public void close() {
        timer.shutdownNow();
        watchers.forEach(EventSource.Sink::end);
    }
}
