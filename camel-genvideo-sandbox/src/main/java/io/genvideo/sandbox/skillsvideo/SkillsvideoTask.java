/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Directives.Outcome;
import io.genvideo.sandbox.EventSource;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.MediaStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A task. It tells its states one after the other, as the clock and its rendering allow; a stream that is opened later
 * hears them all. Nothing of it belongs to a connection: it goes on whether anybody listens or not.
 */
final class SkillsvideoTask {
    /** How long a task waits, at most. */
    private static final Duration MAX_QUEUED = Duration.ofSeconds(5);
    /** How many polls of a finished task show no URL under {@code [[no-url]]}. */
    private static final int POLLS_WITHOUT_URL = 3;
    /** {@code [[fail: CODE: message]]}. */
    private static final Pattern OWN_CODE = Pattern.compile("([A-Z]+_[A-Z_]+)\\s*:?\\s*(.*)");

    /** Hears of each state of each task. */
    @FunctionalInterface
    interface Audience {
        void told(SkillsvideoTask task, TaskState state, boolean first);
    }

    /**
     * What came out.
     *
     * @param ending of its file names
     */
    record Result(int width, int height, String contentType, String ending) {}

    private record Listener(EventSource.Sink sink, String origin) {}

    private final String id;
    private final String account;
    private final CreateRequest create;
    private final Directives directives;
    private final Usage usage;
    private final boolean older;
    private final Instant createdAt;
    private final @Nullable Instant dueAt;
    private final List<Instant> runningAt = new ArrayList<>();
    private final List<String> mediaIds;
    private final Audience audience;
    private final List<TaskState> told = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    private @Nullable Result result;
    private @Nullable Instant renderedAt;
    private @Nullable String renderError;
    private int polls;
    private int pollsAfterEnd;

    /**
     * A task that nobody knows of yet.
     *
     * @param older whether its states are spelled as in older answers
     * @param progress how many times it says that it is running
     */
    SkillsvideoTask(
            String id,
            String account,
            CreateRequest create,
            Directives directives,
            Usage usage,
            boolean older,
            Instant createdAt,
            Duration takes,
            int progress,
            List<String> mediaIds,
            Audience audience) {
        this.id = id;
        this.account = account;
        this.create = create;
        this.directives = directives;
        this.usage = usage;
        this.older = older;
        this.createdAt = createdAt;
        this.mediaIds = List.copyOf(mediaIds);
        this.audience = audience;
        this.dueAt = directives.outcome() == Outcome.STUCK ? null : createdAt.plus(takes);
        Duration tenth = takes.dividedBy(10);
        Duration queued = tenth.compareTo(MAX_QUEUED) < 0 ? tenth : MAX_QUEUED;
        Duration step = takes.minus(queued).dividedBy(progress);
        for (int i = 0; i < progress; i++) {
            runningAt.add(createdAt.plus(queued).plus(step.multipliedBy(i)));
        }
    }

    String id() {
        return id;
    }

    String account() {
        return account;
    }

    List<String> mediaIds() {
        return mediaIds;
    }

    synchronized void rendered(Result what, Instant at) {
        result = what;
        renderedAt = at;
        advance(at);
    }

    synchronized void renderFailed(String why, Instant at) {
        renderError = why;
        renderedAt = at;
        advance(at);
    }

    /** Tells every state whose time has come. */
    synchronized void advance(Instant now) {
        if (told.isEmpty()) {
            tell(TaskState.QUEUED);
        }
        while (told.size() <= runningAt.size()
                && !runningAt.get(told.size() - 1).isAfter(now)) {
            tell(TaskState.RUNNING);
        }
        boolean ready = !directives.outcome().needsMedia() || renderedAt != null;
        if (told.size() == runningAt.size() + 1 && dueAt != null && !now.isBefore(dueAt) && ready) {
            tell(renderError != null ? TaskState.FAILED : TaskState.of(directives.outcome()));
        }
    }

    /** When to call {@link #advance} again; empty if only the end of the rendering can bring it further, or nothing. */
    synchronized Optional<Instant> next(Instant now) {
        Instant at = told.size() <= runningAt.size() ? runningAt.get(told.size() - 1) : dueAt;
        return Optional.ofNullable(at).filter(t -> t.isAfter(now));
    }

    private void tell(TaskState state) {
        boolean first = !told.contains(state);
        told.add(state);
        audience.told(this, state, first);
        List.copyOf(listeners).forEach(l -> tell(l, state));
    }

    private void tell(Listener listener, TaskState state) {
        if (state.terminal() && directives.noTerminal()) {
            listener.sink().end();
        } else {
            listener.sink().frame(Json.bytes(frame(state, listener.origin())), state.terminal());
        }
    }

    /**
     * Opens an event stream.
     *
     * @param origin put before the paths of media
     */
    synchronized Runnable listen(EventSource.Sink sink, String origin) {
        Listener listener = new Listener(sink, origin);
        listeners.add(listener);
        told.forEach(state -> tell(listener, state));
        return () -> forget(listener);
    }

    private synchronized void forget(Listener listener) {
        listeners.remove(listener);
    }

    private TaskState state() {
        return told.get(told.size() - 1);
    }

    /** The answer to its creation. */
    ObjectNode created() {
        ObjectNode answer = start(TaskState.QUEUED);
        answer.set("input", create.input());
        answer.set("usage", usage.json());
        return answer;
    }

    private ObjectNode start(TaskState state) {
        return Json.MAPPER.createObjectNode().put("id", id).put("status", state.spelled(older));
    }

    /** One event (docs/contracts/skillsvideo.md section 4); it shows no input, and nothing charged before the end. */
    private ObjectNode frame(TaskState state, String origin) {
        ObjectNode frame = start(state);
        return complete(frame, state, state.terminal() ? usage : Usage.NONE, origin, true);
    }

    /** The answer to a poll (docs/contracts/skillsvideo.md section 2). */
    synchronized ObjectNode poll(Instant now, String origin) {
        advance(now);
        polls++;
        TaskState state = state();
        if (state.terminal()) {
            pollsAfterEnd++;
        }
        return full(state, origin, pollsAfterEnd <= POLLS_WITHOUT_URL);
    }

    /** Whether a poll has shown its end already. */
    synchronized boolean isSeenEnded() {
        return pollsAfterEnd > (directives.outcome() == Outcome.NO_URL ? POLLS_WITHOUT_URL : 0);
    }

    /** The whole object, as webhooks have it too. */
    synchronized ObjectNode full(TaskState state, String origin, boolean early) {
        ObjectNode answer = start(state);
        answer.set("input", create.input());
        return complete(answer, state, usage, origin, early);
    }

    private ObjectNode complete(ObjectNode o, TaskState state, Usage shown, String origin, boolean early) {
        if (state == TaskState.SUCCEEDED) {
            boolean empty = early && directives.outcome() == Outcome.NO_URL;
            o.set("data", data(empty ? List.of() : mediaIds, origin));
        } else {
            o.putNull("data");
        }
        o.set("usage", shown.json());
        if (state == TaskState.FAILED) {
            String message = renderError != null ? renderError : directives.message();
            Matcher own = OWN_CODE.matcher(message);
            boolean coded = own.matches();
            o.put("code", coded ? own.group(1) : create.model().family() + "_GENERATION_FAILED");
            String text = coded ? own.group(2) : message;
            o.put("message", text.isEmpty() ? "Generation failed." : text);
        }
        return o;
    }

    /** Documented for pictures; for videos by analogy. */
    private ObjectNode data(List<String> ids, String origin) {
        String kind = create.model().image() ? "image" : "video";
        ObjectNode data = Json.MAPPER.createObjectNode().put("type", kind).put("n", create.count());
        data.put("actual_prompt", directives.text());
        ArrayNode all = data.putArray(kind + "s");
        Result r = result;
        if (r != null) {
            for (String mediaId : ids) {
                String file = mediaId + r.ending();
                all.addObject()
                        .put("url", origin + "/media/out/" + file)
                        .put("file_name", file)
                        .put("content_type", r.contentType())
                        .put("width", r.width())
                        .put("height", r.height());
            }
        }
        if (!all.isEmpty()) {
            data.putObject(kind).put("url", all.get(0).path("url").asText());
        }
        return data;
    }

    /** Its entry in the list of running tasks; empty if it is over. */
    synchronized Optional<ObjectNode> running(Instant now) {
        advance(now);
        if (state().terminal()) {
            return Optional.empty();
        }
        ObjectNode entry = start(state());
        entry.set("usage", usage.json());
        entry.set("input", create.input());
        return Optional.of(entry);
    }

    /** What the ledger shows. */
    synchronized Ledger.TaskView view(Instant now) {
        advance(now);
        TaskState state = state();
        Instant ready = dueAt;
        if (ready != null && renderedAt != null && renderedAt.isAfter(ready)) {
            ready = renderedAt;
        }
        Result r = result;
        return new Ledger.TaskView(
                SkillsvideoService.NAME,
                account,
                id,
                create.model().name(),
                state.booked(),
                createdAt,
                dueAt,
                state.terminal() ? ready : null,
                polls,
                state == TaskState.SUCCEEDED && r != null
                        ? mediaIds.stream()
                                .map(m -> "/media/out/" + m + r.ending())
                                .toList()
                        : List.of(),
                usage.subscription() + usage.permanent(),
                create.inputs().stream()
                        .flatMap(u -> MediaStore.pathOf(u).stream())
                        .toList(),
                Ledger.TaskView.progressOf(createdAt, dueAt, now),
                state != TaskState.FAILED && state != TaskState.CANCELED
                        ? ""
                        : renderError != null
                                ? renderError
                                : directives.message().isEmpty() ? state.booked() : directives.message());
    }
}
