/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.EventSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream on which a message reports: at most one connection, which a directive or a fault may break, while the work goes
 * on. Used under the lock of the session.
 */
final class MessageStream {
    /** What is kept for a connection that is not there yet. */
    private static final int MAX_KEPT = 100;

    private final Heartbeat heartbeat;
    private final int dropAfter;
    private final boolean dropsCleanly;
    private final List<byte[]> kept = new ArrayList<>();
    private EventSource.@Nullable Sink sink;
    private boolean lastKept;
    private boolean completed;
    private boolean broken;
    private int sent;

    MessageStream(Directives directives) {
        this.heartbeat = new Heartbeat(directives.argument("heartbeat"));
        String drop = directives.argument("drop");
        this.dropAfter = directives.has("drop") ? Math.max(0, first(drop)) : -1;
        this.dropsCleanly = drop.contains("clean");
    }

    private static int first(String argument) {
        String digits = argument.replaceFirst("^(\\d{1,6}).*", "$1");
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 2;
    }

    /** Sends what was reported so far, and then what follows. */
    void open(EventSource.Sink connection) {
        sink = connection;
        dropIfDue();
        for (int i = 0; i < kept.size(); i++) {
            send(kept.get(i), lastKept && i == kept.size() - 1);
        }
        kept.clear();
    }

    /** The connection is over, whoever ended it. */
    void closed() {
        broken |= !completed;
        sink = null;
    }

    /** Whether somebody receives. */
    boolean isOpen() {
        return sink != null;
    }

    /** Whether the connection was over before the end. */
    boolean isBroken() {
        return broken;
    }

    /** Whether a client has received the end. */
    boolean isCompleted() {
        return completed && !broken;
    }

    /** @param last whether the service closes the stream behind it */
    void send(byte[] event, boolean last) {
        EventSource.Sink connection = sink;
        if (connection != null) {
            connection.frame(event, last);
            completed |= last;
            sent++;
            dropIfDue();
        } else if (!broken && kept.size() < MAX_KEPT) {
            kept.add(event);
            lastKept = last;
        }
    }

    void beat() {
        EventSource.Sink connection = sink;
        if (connection != null) {
            heartbeat.send(connection);
            sent++;
            dropIfDue();
        }
    }

    private void dropIfDue() {
        EventSource.Sink connection = sink;
        if (connection == null || completed || dropAfter < 0 || sent < dropAfter) {
            return;
        }
        broken = true;
        sink = null;
        if (dropsCleanly) {
            connection.end();
        } else {
            connection.cut();
        }
    }
}
