/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import java.util.List;

/** What the stream of a message says, in the shape that it has. */
final class MessageReport {
    private final MessageStream stream;
    private final EventShape shape;
    private final Directives directives;
    private final MessageKind kind;
    private final boolean silent;

    /** @param silent whether it has no text */
    MessageReport(MessageStream stream, EventShape shape, Directives directives, MessageKind kind, boolean silent) {
        this.stream = stream;
        this.shape = shape;
        this.directives = directives;
        this.kind = kind;
        this.silent = silent;
    }

    void opening() {
        say(List.of("Let me ", "work on that."), false);
    }

    void toolCall(Brief brief) {
        JsonNode args =
                Json.MAPPER.createObjectNode().put("prompt", brief.text()).put("duration", brief.seconds());
        stream.send(shape.toolCall(kind.tool, args), false);
    }

    /** @param edits whether music and title are added next */
    void firstStage(boolean edits) {
        toolResult(MessageKind.GENERATE.tool, false);
        if (edits) {
            stream.send(editCall(), false);
        }
    }

    private byte[] editCall() {
        return shape.toolCall(MessageKind.EDIT.tool, Json.MAPPER.createObjectNode());
    }

    private void toolResult(String tool, boolean last) {
        JsonNode success = Json.MAPPER.createObjectNode().put("status", "success");
        stream.send(shape.toolResult(tool, success), last);
    }

    void error(String why) {
        stream.send(EventShape.error(why), true);
    }

    /**
     * The end, behind which the service closes the stream.
     *
     * @param tool the one whose result comes first; empty without one
     */
    void closing(String tool) {
        if (!tool.isEmpty()) {
            toolResult(tool, silent);
        } else if (silent) {
            stream.send(editCall(), true);
        }
        boolean issue = directives.has("temporary-issue");
        say(closingText(), !issue);
        if (issue) {
            say(List.of("I encountered a temporary issue. ", "Please try again later."), true);
        }
    }

    private List<String> closingText() {
        if (directives.has("gui")) {
            return List.of(
                    "Your video is ready! Click the \"Export\" button in the top right corner, ", "or 点击右上角的「导出」按钮.");
        }
        return kind == MessageKind.TALK
                ? List.of("A hook in the first second ", "and one idea for each shot work best.")
                : List.of("Done. ", "The timeline has been updated.");
    }

    private void say(List<String> pieces, boolean last) {
        if (silent) {
            return;
        }
        List<byte[]> events = shape.text(pieces);
        for (int i = 0; i < events.size(); i++) {
            stream.send(events.get(i), last && i == events.size() - 1);
        }
    }
}
