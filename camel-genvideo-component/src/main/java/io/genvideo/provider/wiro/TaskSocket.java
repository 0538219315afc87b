/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.WebSocketConnection;
import io.genvideo.http.WebSocketListener;
import io.genvideo.model.TaskStatus;
import io.genvideo.provider.support.Json;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows one task on the service's WebSocket (docs/contracts/wiro.md section 6). Progress is passed on; the end is only a hint,
 * because the last frame does not tell success from failure. Frames about another task are ignored.
 */
final class TaskSocket implements WebSocketListener, TaskSubscription {
    /** A socket that has passed on so many changes does not tell progress any more; the task is polled instead. */
    private static final int MOST_CHANGES = 1000;

    private static final int MOST_ERROR_HINTS = 3;

    /** Progress 1 would mean that the work is done. */
    private static final double MOST_PROGRESS = 0.99;

    private final String taskId;
    private final String token;
    private final TaskPush push;
    private volatile @Nullable WebSocketConnection connection;
    private @Nullable PollOutcome last;
    private int changes;
    private int errorLines;

    TaskSocket(String taskId, String token, TaskPush push) {
        this.taskId = taskId;
        this.token = token;
        this.push = push;
    }

    /** Tells the service which task to report. A message that cannot be sent ends the socket. */
    TaskSocket opened(WebSocketConnection opened) {
        connection = opened;
        opened.send(Json.write(Json.NODES.objectNode().put("type", "task_info").put("tasktoken", token)))
                .whenComplete((sent, failure) -> {
                    if (failure != null) {
                        opened.close();
                    }
                });
        return this;
    }

    @Override
    public boolean message(String text) {
        JsonNode frame = Json.read(text).filter(JsonNode::isObject).orElse(null);
        if (frame == null || !isMine(frame)) {
            return true;
        }
        String type =
                Objects.requireNonNullElse(Json.text(frame.get("type")), "").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "task_postprocess_end", "task_cancel" -> {
                push.hint();
                yield false;
            }
            case "task_error" -> errorLine();
            case "task_queue" -> changed(new PollOutcome.Pending(TaskStatus.QUEUED, null, null));
            case "" -> true;
            default -> changed(new PollOutcome.Pending(TaskStatus.RUNNING, progress(frame.get("message")), null));
        };
    }

    /**
     * Usually a line of a log; but a task that fails before it runs sends nothing else. Only the first few are hints, since a
     * noisy model sends thousands.
     */
    private boolean errorLine() {
        errorLines++;
        if (errorLines <= MOST_ERROR_HINTS) {
            push.hint();
        }
        return changed(new PollOutcome.Pending(TaskStatus.RUNNING, null, null));
    }

    private boolean isMine(JsonNode frame) {
        String id = Json.text(frame.get("id"));
        String frameToken = Json.text(frame.get("tasktoken"));
        return (id == null || id.equals(taskId)) && (frameToken == null || frameToken.equals(token));
    }

    /** A frame without a percentage takes none away. */
    private boolean changed(PollOutcome.Pending now) {
        PollOutcome before = last;
        boolean same = before instanceof PollOutcome.Pending pending
                && pending.status() == now.status()
                && (now.progress() == null || now.progress().equals(pending.progress()));
        if (!same) {
            last = now;
            changes++;
            push.saw(now);
        }
        return changes < MOST_CHANGES;
    }

    /** A percentage, in an object or in its text; {@code null} if there is none. */
    private static @Nullable Double progress(@Nullable JsonNode message) {
        JsonNode object = message != null && message.isTextual()
                ? Json.read(message.textValue()).orElse(message)
                : message;
        BigDecimal percent = object == null ? null : Json.decimal(object.get("percentage"));
        return percent == null || percent.signum() < 0 ? null : Math.min(MOST_PROGRESS, percent.longValue() / 100.0);
    }

    @Override
    public void ended(@Nullable HttpGatewayException cause) {
        push.ended();
    }

    @Override
    public void close() {
        WebSocketConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
