/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.http.SseListener;
import io.genvideo.http.StreamResponse;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.TaskPush;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One paid call that is answered by a stream (docs/contracts/skillsvideo.md section 4). The first event with an id is the answer
 * to create, what follows
 * is pushed. Whatever becomes of the stream, nothing is sent again: with an id the task is polled, without one nobody knows
 * whether it exists.
 */
final class StreamedCreate implements SseListener {
    /** After so many events that say neither which task they are about nor what is wrong, none will. */
    private static final int MOST_NAMELESS = 5;

    private final CreateResponseMapper verdict;
    private final PollResponseMapper polling;
    private final TaskPush push;
    private final ServiceText text;
    private final CompletableFuture<SubmitOutcome> outcome = new CompletableFuture<>();
    private @Nullable String taskId;
    private @Nullable SubmitOutcome unclear;
    private int nameless;

    /** @param text hides the key and the prompts of the request */
    StreamedCreate(CreateResponseMapper verdict, PollResponseMapper polling, TaskPush push, ServiceText text) {
        this.verdict = verdict;
        this.polling = polling;
        this.push = push;
        this.text = text;
    }

    CompletionStage<SubmitOutcome> outcome() {
        return outcome.minimalCompletionStage();
    }

    /** How the call was answered; if by a stream, its events tell more. */
    void answered(@Nullable StreamResponse answer, @Nullable Throwable failure) {
        if (answer instanceof StreamResponse.Plain plain) {
            settle(verdict.of(plain.response()));
        } else if (answer == null) {
            settle(verdict.ofFailure(failure == null ? new IllegalStateException("no answer") : failure));
        }
    }

    @Override
    public boolean event(String data) {
        JsonNode event = Json.read(data).filter(JsonNode::isObject).orElse(null);
        if (taskId == null) {
            return event == null ? waitsOn() : begin(event);
        }
        return event == null || follow(event, taskId);
    }

    private boolean begin(JsonNode event) {
        SubmitOutcome decided = verdict.ofEvent(event, nameless == 0).orElse(null);
        if (decided instanceof SubmitOutcome.Accepted accepted) {
            taskId = accepted.taskId();
            outcome.complete(accepted);
            SkillsvideoTask task = SkillsvideoTask.of(event).orElseThrow();
            return !task.isOver() || saw(task, accepted.taskId());
        }
        if (decided == null || decided instanceof SubmitOutcome.Unknown) {
            unclear = decided == null ? unclear : decided;
            return waitsOn();
        }
        outcome.complete(decided);
        return false;
    }

    private boolean waitsOn() {
        nameless++;
        return nameless < MOST_NAMELESS;
    }

    /** Events about another task, or about none, are ignored. */
    private boolean follow(JsonNode event, String mine) {
        SkillsvideoTask task = SkillsvideoTask.of(event)
                .filter(t -> t.id() == null || t.id().equals(mine))
                .orElse(null);
        return task == null || saw(task, mine);
    }

    private boolean saw(SkillsvideoTask task, String mine) {
        push.saw(polling.of(task, mine, null, text));
        return !task.isOver();
    }

    @Override
    public void ended(@Nullable HttpGatewayException cause) {
        settle(unclear == null ? verdict.ofEnd(cause) : unclear);
    }

    /** Nothing more comes; if an event has decided before, it stays so. */
    private void settle(SubmitOutcome otherwise) {
        outcome.complete(otherwise);
        push.ended();
    }
}
