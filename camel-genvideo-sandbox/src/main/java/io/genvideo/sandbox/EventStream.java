/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.genvideo.sandbox.Fault.End;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;

/**
 * Sends events on one connection, and spoils them if it is told to. It has no thread: all of it, but for what
 * {@link EventSource.Sink} promises, happens on the thread of its connection.
 */
final class EventStream implements EventSource.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    /** What was written must have been read before: a reset takes the unread with it, and so do clients on any break. */
    private static final Duration BEFORE_BREAK = Duration.ofMillis(200);

    private static final byte[] COMMENT = ": keep-alive".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GARBAGE = "data: <<<not what you asked for>>>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final int SLOW_PIECES = 20;

    /** Something to be written, a pause before it. */
    private record Piece(ByteBuffer bytes, Duration pause) {}

    private final HttpServerExchange exchange;
    private final XnioIoThread thread;
    private final @Nullable Fault fault;
    private final AtomicInteger open;
    private final byte[] lineEnd;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private @Nullable StreamSinkChannel channel;
    private @Nullable Runnable onOver;
    private @Nullable End end;
    private int frames;
    private boolean deaf;
    private boolean waiting;
    private boolean over;

    /**
     * A stream that is not yet begun.
     *
     * @param fault null, or one of those that {@link #spoils}
     * @param open counts the open ones
     */
    EventStream(HttpServerExchange exchange, @Nullable Fault fault, AtomicInteger open) {
        this.exchange = exchange;
        this.fault = fault;
        this.open = open;
        this.thread = exchange.getIoThread();
        String line = fault instanceof Fault.StreamCrlf ? "\r\n" : "\n";
        this.lineEnd = line.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a fault breaks the stream rather than the answer as a whole. */
    static boolean spoils(Fault fault) {
        return fault instanceof Fault.Stream || fault instanceof Fault.Truncate || fault instanceof Fault.SlowBody;
    }

    void start(EventSource source) {
        onThread(() -> {
            // The connection is not used again: what the client sends meanwhile would otherwise be its next request.
            exchange.setPersistent(false);
            // Not chosen by the server for such a connection; without it a cut stream looks like a complete one.
            exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
            open.incrementAndGet();
            channel = exchange.getResponseChannel();
            channel.getWriteSetter().set(c -> written());
            exchange.getConnection().addCloseListener(c -> onThread(this::finished));
            DisconnectWatcher.watch(exchange, this::drop);
            faultAt(0, false);
            pump();
            if (fault instanceof Fault.StreamHeartbeat heartbeat) {
                beat(heartbeat.every());
            }
            Runnable stop = source.open(this);
            if (over) {
                stop.run();
            } else {
                onOver = stop;
            }
        });
    }

    @Override
    public void frame(byte[] data, boolean terminal) {
        onThread(() -> onFrame(data, terminal));
    }

    @Override
    public void comment(byte[] text) {
        onThread(() -> {
            if (!deaf && end == null && !over) {
                add(lines(text));
                pump();
            }
        });
    }

    @Override
    public void end() {
        onThread(() -> endWith(End.CLEAN));
    }

    @Override
    public void cut() {
        onThread(() -> endWith(End.CUT));
    }

    private void onFrame(byte[] data, boolean terminal) {
        if (deaf || end != null || over || (terminal && faultAt(Fault.StreamDrop.INSTEAD_OF_LAST, true))) {
            return;
        }
        if (fault instanceof Fault.StreamHeartbeat) {
            add(lines(COMMENT));
        }
        byte[] frame = lines(DATA, data);
        if (fault instanceof Fault.Truncate) {
            add(ByteBuffer.wrap(frame, 0, frame.length / 2));
            endWith(End.CUT);
        } else if (fault instanceof Fault.StreamSplit split) {
            inPieces(frame, split.pieces(), split.pause());
        } else if (fault instanceof Fault.SlowBody slow) {
            inPieces(frame, SLOW_PIECES, slow.over().dividedBy(SLOW_PIECES));
        } else {
            add(ByteBuffer.wrap(frame));
        }
        frames++;
        if (!faultAt(frames, false) && terminal) {
            endWith(End.CLEAN);
        }
        pump();
    }

    /** Lets happen what belongs behind the given frame; whether that ends the stream or silences it. */
    private boolean faultAt(int place, boolean instead) {
        if (fault instanceof Fault.StreamDrop drop && drop.frames() == place) {
            endWith(drop.end());
            return true;
        } else if (fault instanceof Fault.StreamSilence silence && silence.frames() == place) {
            deaf = true;
            return true;
        } else if (!instead && fault instanceof Fault.StreamGarbage garbage && garbage.frames() == place) {
            add(lines(GARBAGE));
        }
        return false;
    }

    private byte[] lines(byte[]... parts) {
        int length = 2 * lineEnd.length;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer line = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            line.put(part);
        }
        return line.put(lineEnd).put(lineEnd).array();
    }

    private void add(byte[] bytes) {
        add(ByteBuffer.wrap(bytes));
    }

    private void add(ByteBuffer bytes) {
        pieces.add(new Piece(bytes, Duration.ZERO));
    }

    private void inPieces(byte[] frame, int count, Duration pause) {
        int size = Math.max(1, (frame.length + count - 1) / count);
        for (int from = 0; from < frame.length; from += size) {
            pieces.add(new Piece(ByteBuffer.wrap(frame, from, Math.min(size, frame.length - from)), pause));
        }
    }

    private void beat(Duration every) {
        after(every, () -> {
            if (end == null && !over) {
                add(lines(COMMENT));
                pump();
                beat(every);
            }
        });
    }

    private void endWith(End how) {
        if (end == null) {
            end = how;
            pump();
        }
    }

    /** Writes what there is, as far as the connection takes it; then ends if that was all. */
    private void pump() {
        StreamSinkChannel out = channel;
        if (waiting || over || out == null) {
            return;
        }
        try {
            while (!pieces.isEmpty()) {
                Piece first = pieces.element();
                if (!first.pause().isZero()) {
                    pieces.remove();
                    pieces.addFirst(new Piece(first.bytes(), Duration.ZERO));
                    waitFor(first.pause());
                    return;
                }
                out.write(first.bytes());
                if (first.bytes().hasRemaining()) {
                    break;
                }
                pieces.remove();
                if (!out.flush()) {
                    break;
                }
            }
            boolean blocked = !pieces.isEmpty();
            if (!out.flush() || blocked) {
                waiting = true;
                out.resumeWrites();
            } else if (end != null) {
                finish(out, end);
            }
        } catch (IOException e) {
            LOG.debug("the client went away", e);
            drop();
        }
    }

    private void written() {
        StreamSinkChannel out = channel;
        if (out != null && !over) {
            out.suspendWrites();
        }
        waiting = false;
        pump();
    }

    private void waitFor(Duration pause) {
        waiting = true;
        after(pause, () -> {
            waiting = false;
            pump();
        });
    }

    private void finish(StreamSinkChannel out, End how) throws IOException {
        switch (how) {
            case CLEAN -> {
                finished();
                out.shutdownWrites();
                if (!out.flush()) {
                    out.getWriteSetter().set(c -> flushEnd(out));
                    out.resumeWrites();
                }
            }
            case CUT -> breakOff(this::drop);
            case RESET ->
                breakOff(() -> {
                    RequestDispatcher.reset(exchange);
                    finished();
                });
        }
    }

    private void breakOff(Runnable how) {
        waiting = true;
        after(BEFORE_BREAK, how);
    }

    private static void flushEnd(StreamSinkChannel out) {
        try {
            if (out.flush()) {
                out.suspendWrites();
            }
        } catch (IOException e) {
            LOG.debug("the client went away", e);
            IoUtils.safeClose(out);
        }
    }

    private void drop() {
        IoUtils.safeClose(exchange.getConnection());
        finished();
    }

    private void finished() {
        if (over) {
            return;
        }
        over = true;
        open.decrementAndGet();
        pieces.clear();
        Runnable stop = onOver;
        onOver = null;
        if (stop != null) {
            stop.run();
        }
    }

    private void onThread(Runnable action) {
        try {
            if (Thread.currentThread() == thread) {
                action.run();
            } else {
                thread.execute(action);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("the sandbox was closed", e);
        }
    }

    private void after(Duration pause, Runnable action) {
        try {
            thread.executeAfter(action, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the sandbox was closed", e);
        }
    }
}
