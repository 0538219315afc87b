/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.provider.support.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one message and its export are: the provider state that is journalled with the record (docs/design.md section 4.12).
 *
 * @param session the service's id of the session
 * @param number of the message in its session; with the session it is the task's id
 * @param before hash of the session's state before the message; {@code null} if it is not known
 * @param seen hash of the state that the last poll has read, if it differed from {@code before}
 * @param seenAt when that state was first read
 * @param reply what the service wrote at the end of its stream, cleaned and bounded
 * @param code of the error with which the service has ended its stream; {@code null} for none
 * @param export which export is under way, from 1; 0 for none
 * @param failures how many exports have failed
 * @param stage of the export that is under way
 */
record MessageProgress(
        String session,
        long number,
        @Nullable String before,
        @Nullable String seen,
        @Nullable Instant seenAt,
        @Nullable String reply,
        @Nullable String code,
        int export,
        int failures,
        Stage stage) {
    /** How far an export is. */
    enum Stage {
        NONE,
        /** It is about to be requested for the first time. */
        DUE,
        /** It may have been requested before, by a call whose response was lost or a process that died. */
        AGAIN,
        /** The service has it. */
        STARTED
    }

    /** In a session of its own a message is the first; in a continued one its number is the time in milliseconds. */
    static final long FIRST = 1;

    /** The code of an error in the stream that has none. */
    static final String NO_CODE = "error";

    private static final char SEPARATOR = '-';

    /** A message that was not sent yet. */
    static MessageProgress beforeSending(String session, long number, @Nullable String before) {
        return new MessageProgress(session, number, before, null, null, null, null, 0, 0, Stage.NONE);
    }

    /**
     * Of a task of which only the id is known, for example one that a person has adopted; empty if it is no such id. An export of
     * it that has failed is not repeated: how often it has failed before is not known.
     */
    static Optional<MessageProgress> ofTaskId(String taskId) {
        int at = taskId.lastIndexOf(SEPARATOR);
        String session = at < 0 ? "" : taskId.substring(0, at);
        String number = taskId.substring(at + 1);
        return SessionIds.isValid(session) && number.matches("\\d{1,18}")
                ? Optional.of(new MessageProgress(
                        session, Long.parseLong(number), null, null, null, null, null, 0, 1, Stage.NONE))
                : Optional.empty();
    }

    /** As it was journalled; empty for what is no such text. */
    static Optional<MessageProgress> read(@Nullable String providerState) {
        return Optional.ofNullable(providerState).flatMap(Json::read).flatMap(MessageProgress::of);
    }

    private static Optional<MessageProgress> of(JsonNode json) {
        String session = Json.text(json.get("session"));
        Long number = Json.whole(json.get("number"));
        if (session == null || !SessionIds.isValid(session) || number == null) {
            return Optional.empty();
        }
        Long seenAt = Json.whole(json.get("seenAt"));
        return Optional.of(new MessageProgress(
                session,
                number,
                Json.text(json.get("before")),
                Json.text(json.get("seen")),
                seenAt == null ? null : Instant.ofEpochMilli(seenAt),
                Json.text(json.get("reply")),
                Json.text(json.get("code")),
                Objects.requireNonNullElse(Json.integer(json.get("export")), 0),
                Objects.requireNonNullElse(Json.integer(json.get("failures")), 0),
                stage(json)));
    }

    private static Stage stage(JsonNode json) {
        String name = Objects.requireNonNullElse(Json.text(json.get("stage")), "");
        return Arrays.stream(Stage.values())
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElse(Stage.NONE);
    }

    /** To be journalled. */
    String write() {
        ObjectNode json = Json.NODES
                .objectNode()
                .put("session", session)
                .put("number", number)
                .put("before", before);
        if (seen != null && seenAt != null) {
            json.put("seen", seen).put("seenAt", seenAt.toEpochMilli());
        }
        if (reply != null) {
            json.put("reply", reply);
        }
        if (code != null) {
            json.put("code", code);
        }
        if (export > 0) {
            json.put("export", export).put("failures", failures).put("stage", stage.name());
        }
        return Json.write(json);
    }

    String taskId() {
        return session + SEPARATOR + number;
    }

    /** Made from the task's id, so that an export can be found again by whoever knows no more than that. */
    String renderId() {
        return "render_" + session + "_" + number + (export > 1 ? "_" + export : "");
    }

    /** Whether a state is another one than that before the message, as far as that is known. */
    boolean isChanged(String hash) {
        return !hash.equals(before);
    }

    /** Whether a state was read a while ago already: the service changes it in several stages. */
    boolean isSettled(String hash, Instant now, Duration settleFor) {
        return hash.equals(seen) && seenAt != null && !now.isBefore(seenAt.plus(settleFor));
    }

    /** The same, having read a state; a clock that was set back starts its time anew. */
    MessageProgress seeing(String hash, Instant now) {
        return hash.equals(seen) && seenAt != null && !now.isBefore(seenAt)
                ? this
                : new MessageProgress(session, number, before, hash, now, reply, code, export, failures, stage);
    }

    /** The same, with what the service wrote at the end of its stream. */
    MessageProgress ended(@Nullable String lastReply, @Nullable String errorCode) {
        return new MessageProgress(
                session, number, before, seen, seenAt, lastReply, errorCode, export, failures, stage);
    }

    /** The same with the next export. */
    MessageProgress exporting() {
        return at(export + 1, failures, Stage.DUE);
    }

    /** The same after an export that has failed, with the next one. */
    MessageProgress exportingAgain() {
        return at(export + 1, failures + 1, Stage.DUE);
    }

    /** The same, about to request the export that may have been requested before. */
    MessageProgress repeating() {
        return at(export, failures, Stage.AGAIN);
    }

    /** The same with an export that the service has. */
    MessageProgress started() {
        return at(export, failures, Stage.STARTED);
    }

    private MessageProgress at(int nextExport, int nextFailures, Stage nextStage) {
        return new MessageProgress(
                session, number, before, seen, seenAt, null, null, nextExport, nextFailures, nextStage);
    }
}
