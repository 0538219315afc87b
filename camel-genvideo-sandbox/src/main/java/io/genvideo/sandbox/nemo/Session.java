/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.media.RenderRequest;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import io.genvideo.sandbox.media.Results.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A session: its files, its messages, and the timeline that they have made. Thread-safe. */
final class Session {
    /** Drafts that a client may still send back. */
    private static final int MAX_DRAFTS = 64;

    private static final int SHORT_SIDE = 1080;

    /** Receives the end of each message, once. */
    @FunctionalInterface
    interface EndListener {
        void ended(Message message);
    }

    private final String id;
    private final String account;
    private final String taskName;
    private final String taskId =
            "task_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private final ArrayNode videoInfos = Json.MAPPER.createArrayNode();
    private final List<Picture> pictures = new ArrayList<>();
    private final List<String> inputPaths = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Integer> reads = new ArrayList<>();
    private final List<Brief> briefs = new ArrayList<>();
    private final List<ObjectNode> generated = new ArrayList<>();
    private final List<Render> renders = new ArrayList<>();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private @Nullable Draft draft;
    private @Nullable Message duplicateFor;
    private EndListener endListener = message -> {};

    Session(String id, String account, String taskName) {
        this.id = id;
        this.account = account;
        this.taskName = taskName;
    }

    String id() {
        return id;
    }

    String account() {
        return account;
    }

    String taskId() {
        return taskId;
    }

    /** Whether a client that reads numbers as doubles would write its id so. */
    boolean isRoundedTo(String text) {
        try {
            return Double.parseDouble(text) == Double.parseDouble(id);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    synchronized void onEnd(EndListener listener) {
        endListener = listener;
    }

    /** Adds a file that was uploaded. */
    synchronized void addFile(ObjectNode info, Picture picture, Optional<String> path) {
        videoInfos.add(info);
        pictures.add(picture);
        path.ifPresent(inputPaths::add);
    }

    /** Hash of the contents of its files in their order; empty without files. */
    synchronized String sourceHash() {
        return pictures.isEmpty()
                ? ""
                : Ledger.hash(pictures.stream().map(Picture::hash).collect(Collectors.joining("/")));
    }

    /** What the next message causes. */
    synchronized MessageKind kindOfNext(boolean talk) {
        return talk ? MessageKind.TALK : draft == null ? MessageKind.GENERATE : MessageKind.EDIT;
    }

    synchronized int nextNumber() {
        return messages.size() + 1;
    }

    synchronized List<Brief> briefs() {
        return List.copyOf(briefs);
    }

    synchronized void add(Message message) {
        messages.add(message);
        reads.add(0);
    }

    /** What a video of its present files and that brief shows. */
    synchronized RenderRequest result(Brief brief) {
        String aspect = !brief.aspect().isEmpty() ? brief.aspect() : pictures.isEmpty() ? "9:16" : null;
        return new RenderRequest("nemo_agent", brief.text(), pictures, SHORT_SIDE, aspect, brief.seconds());
    }

    /** Why a message should not have been sent now; empty if it may. */
    synchronized Optional<String> complaint(String promptHash) {
        for (int i = 0; i < messages.size(); i++) {
            Message earlier = messages.get(i);
            boolean unread = reads.get(i) == 0 || !earlier.isReceived();
            if (earlier.promptHash().equals(promptHash) && unread) {
                return Optional.of("the message " + earlier.id() + " was sent again"
                        + (earlier.isReceived() ? " before the state was read" : " although its stream did not end")
                        + "; both are charged");
            }
        }
        return messages.stream()
                .filter(m -> m.endedAt() == null)
                .findFirst()
                .map(m -> "a message while " + m.id() + " is worked on: one at a time");
    }

    /** Takes over what a message has made. */
    synchronized void change(Message message, boolean finished) {
        Result result = message.result();
        if (!briefs.contains(message.brief())) {
            briefs.add(message.brief());
        }
        if (result != null
                && generated.stream().noneMatch(g -> g.path("id").asText().equals(message.mediaId()))) {
            generated.add(Json.MAPPER
                    .createObjectNode()
                    .put("id", message.mediaId())
                    .put("type", "video")
                    .put("url", result.path(message.mediaId()))
                    .put("duration", (double) message.brief().seconds()));
        }
        boolean segments = !message.directives().has("no-draft");
        setDraft(Draft.of(id, briefs, finished, segments, result(message.brief())));
    }

    private void setDraft(Draft next) {
        draft = next;
        drafts.put(next.text(), next);
        if (drafts.size() > MAX_DRAFTS) {
            drafts.remove(drafts.keySet().iterator().next());
        }
    }

    void ended(Message message) {
        endListener.ended(message);
    }

    /** What the messages that are worked on have reserved. */
    synchronized long frozen() {
        return messages.stream()
                .filter(m -> m.endedAt() == null)
                .mapToLong(m -> m.kind().price)
                .sum();
    }

    /** {@code data} of its state; counted as read by each message. */
    synchronized ObjectNode state(String origin) {
        reads.replaceAll(n -> n + 1);
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("session_id", id)
                .put("task_id", taskId)
                .put("task_name", taskName);
        ObjectNode state = data.putObject("state");
        Draft current = draft;
        if (current != null) {
            state.putRawValue("draft", new RawValue(current.text()));
            state.putObject("canvas_config").put("ratio", current.result().aspect());
        }
        if (!videoInfos.isEmpty()) {
            state.set("video_infos", videoInfos.deepCopy());
        }
        if (!generated.isEmpty()) {
            ArrayNode media = state.putArray("generated_media");
            generated.forEach(g ->
                    media.add(g.deepCopy().put("url", origin + g.path("url").asText())));
        }
        return data;
    }

    /** The draft with exactly this text, if the session has or had it. */
    synchronized Optional<Draft> draft(String text) {
        return Optional.ofNullable(drafts.get(text));
    }

    synchronized boolean isLatest(Draft some) {
        return some.equals(draft);
    }

    synchronized List<String> draftTexts() {
        return List.copyOf(drafts.keySet());
    }

    /** The last message if it is worked on while nobody receives its stream. */
    synchronized Optional<Message> lost() {
        return last().filter(m -> m.endedAt() == null && m.isBroken());
    }

    /** The message that came last; empty before the first. */
    synchronized Optional<Message> last() {
        return messages.isEmpty() ? Optional.empty() : Optional.of(messages.get(messages.size() - 1));
    }

    /** Whether an export after a message has been refused as a duplicate; the first call says no. */
    synchronized boolean takeDuplicate(Message message) {
        boolean before = duplicateFor == message;
        duplicateFor = message;
        return before;
    }

    synchronized void add(Render render) {
        renders.add(render);
    }

    /** The exports since the last message. */
    synchronized List<Render> renders() {
        Optional<Message> last = last();
        return renders.stream()
                .filter(r -> last.isEmpty() || r.after() == last.get())
                .toList();
    }

    /** What the ledger shows: a task for each message. */
    synchronized List<Ledger.TaskView> views(Instant now) {
        List<Ledger.TaskView> views = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            views.add(view(messages.get(i), reads.get(i), now));
        }
        return views;
    }

    private Ledger.TaskView view(Message m, int polls, Instant now) {
        String failure = m.failure();
        Result clip = m.result();
        List<String> media = new ArrayList<>();
        renders.stream()
                .filter(r -> r.after() == m)
                .flatMap(r -> r.path(now).stream())
                .forEach(path -> media.add(0, path));
        if (media.isEmpty() && clip != null && m.endedAt() != null) {
            media.add(clip.path(m.mediaId()));
        }
        return new Ledger.TaskView(
                NemoService.NAME,
                account,
                m.id(),
                NemoService.AGENT,
                m.endedAt() == null ? "PROCESSING" : failure == null ? "SUCCEEDED" : "FAILED",
                m.createdAt(),
                m.dueAt(),
                m.endedAt(),
                polls,
                media,
                m.kind().price,
                List.copyOf(inputPaths),
                Ledger.TaskView.progressOf(m.createdAt(), m.dueAt(), now),
                failure == null ? "" : failure);
    }
}
