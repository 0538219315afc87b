/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.Json;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.xnio.IoUtils;

/**
 * The socket on which a client follows its tasks (docs/contracts/wiro.md section 6): it sends a token and receives each step of
 * that task. Directives of the task drop the connection, silence it or spoil its frames.
 */
final class TaskSocket {
    static final String ROUTE = "socket";

    private final WiroTasks tasks;
    private final Ledger ledger;
    private final InstantSource clock;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong subscriptions = new AtomicLong();

    TaskSocket(WiroTasks tasks, Ledger ledger, InstantSource clock) {
        this.tasks = tasks;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** How many connections are open now. */
    int open() {
        return open.get();
    }

    /** How many subscriptions there were. */
    long subscriptions() {
        return subscriptions.get();
    }

    Answer accept(Request request) {
        if (!"websocket".equalsIgnoreCase(request.header("Upgrade"))) {
            ledger.violation(WiroService.NAME, ROUTE, "no WebSocket handshake");
            return Responses.error(0, "Error parsing url.", 404);
        }
        if (request.header("x-api-key") != null) {
            ledger.note(WiroService.NAME, ROUTE, "an x-api-key header; the socket takes the token of a task only");
        }
        String origin = request.origin();
        WebSocketConnectionCallback connected = (exchange, channel) -> new Connection(channel, origin).start();
        return Answer.upgrade(new WebSocketProtocolHandshakeHandler(connected));
    }

    private final class Connection extends AbstractReceiveListener {
        private final WebSocketChannel channel;
        private final String origin;

        Connection(WebSocketChannel channel, String origin) {
            this.channel = channel;
            this.origin = origin;
        }

        void start() {
            open.incrementAndGet();
            channel.addCloseTask(closed -> open.decrementAndGet());
            channel.getReceiveSetter().set(this);
            channel.resumeReceives();
        }

        @Override
        protected void onText(WebSocketChannel from, StreamSourceFrameChannel message) {
            new MessageReader(this::received, this::tooLarge).handleEvent(message);
        }

        @Override
        protected void onBinary(WebSocketChannel from, StreamSourceFrameChannel message) {
            new MessageReader(this::received, this::tooLarge).handleEvent(message);
        }

        private void tooLarge() {
            ledger.violation(WiroService.NAME, ROUTE, "a message of more than " + MessageReader.MAX_BYTES + " bytes");
            WebSockets.sendClose(CloseMessage.MSG_TOO_BIG, "", channel, new CloseWhenSent());
        }

        private void received(byte[] message) {
            JsonNode json = Json.parse(message);
            if (!json.path("type").asText().equals("task_info")
                    || !json.path("tasktoken").isTextual()) {
                ledger.violation(
                        WiroService.NAME,
                        ROUTE,
                        "a message that is not {\"type\":\"task_info\",\"tasktoken\":\"...\"}");
                return;
            }
            Optional<WiroTask> task = tasks.byToken(json.path("tasktoken").asText());
            if (task.isEmpty()) {
                ledger.violation(WiroService.NAME, ROUTE, "a token that was never issued");
                return;
            }
            Subscription subscription = new Subscription(channel, origin, task.get());
            subscription.start();
            subscriptions.incrementAndGet();
            channel.addCloseTask(closed -> task.get().unsubscribe(subscription));
        }
    }

    /** One task on one connection. */
    private final class Subscription implements Subscribers.Subscriber {
        private final WebSocketChannel channel;
        private final String origin;
        private final WiroTask task;
        private final Directives directives;
        private boolean first = true;
        private int sent;

        Subscription(WebSocketChannel channel, String origin, WiroTask task) {
            this.channel = channel;
            this.origin = origin;
            this.task = task;
            this.directives = task.directives();
        }

        void start() {
            synchronized (task) {
                first = task.isFirstSubscription();
                task.subscribe(this, clock.instant());
            }
            if (isDropped() && sent == 0) {
                IoUtils.safeClose(channel);
            }
        }

        /** A number from a directive; negative without it. */
        private int limit(String directive) {
            String argument = directives.argument(directive);
            return !directives.has(directive) ? -1 : argument.matches("\\d{1,6}") ? Integer.parseInt(argument) : 0;
        }

        /** Only the first connection of a task is dropped, so that a client can recover. */
        private boolean isDropped() {
            return first && limit("socket-drop") == sent;
        }

        @Override
        public synchronized void frame(ObjectNode frame) {
            int silentAfter = limit("socket-silent");
            boolean silent = silentAfter >= 0 && sent >= silentAfter;
            if (!channel.isOpen() || silent || isDropped()) {
                return;
            }
            List<String> texts = new ArrayList<>();
            if (directives.has("socket-garbage")) {
                texts.add("<<<not a frame>>>");
            }
            String text = text(frame);
            texts.addAll(Collections.nCopies(directives.has("socket-repeat") ? 2 : 1, text));
            sent++;
            boolean drops = isDropped();
            // one thread sends, so that frames of several threads keep their order
            channel.getIoThread().execute(() -> send(texts, drops));
        }

        private void send(List<String> texts, boolean drops) {
            for (int i = 0; i < texts.size(); i++) {
                boolean last = drops && i == texts.size() - 1;
                WebSockets.sendText(texts.get(i), channel, last ? new CloseWhenSent() : null);
            }
        }

        private String text(ObjectNode frame) {
            ObjectNode own = frame.deepCopy();
            if (own.path("type").asText().equals(Step.END)) {
                own.path("message").forEach(output -> {
                    if (output instanceof ObjectNode o && o.has("url")) {
                        o.put("url", origin + o.path("url").asText());
                    }
                });
            }
            if (directives.has("socket-text") && own.path("message").isContainerNode()) {
                own.put("message", own.path("message").toString());
            }
            return own.toString();
        }
    }

    private static final class CloseWhenSent implements WebSocketCallback<Void> {
        @Override
        public void complete(WebSocketChannel channel, Void context) {
            IoUtils.safeClose(channel);
        }

        @Override
        public void onError(WebSocketChannel channel, Void context, Throwable failure) {
            IoUtils.safeClose(channel);
        }
    }
}
