/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.conformance.ServiceServer.Reply;
import io.genvideo.model.TaskStatus;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A service on a real socket that speaks a {@link ServiceProtocol} and keeps account of what was charged, for the tests of the kit
 * and for those of routes. It accepts each create call; a task is queued at its first poll, runs at its second, and has ended at
 * its third.
 */
public final class SimulatedService implements AutoCloseable {
    /** The result of each task. Nothing is there. */
    public static final URI MEDIUM = URI.create("https://media.example.com/result.mp4");

    private final ServiceProtocol protocol;
    private final ServiceServer server;
    private final List<ServiceRequest> requests = new CopyOnWriteArrayList<>();
    private final List<ServiceRequest> creates = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> polls = new ConcurrentHashMap<>();
    private final AtomicInteger charged = new AtomicInteger();
    private volatile Function<ServiceCall, Reply> onCreate = this::accept;
    private volatile Function<String, Reply> onPoll = this::progress;

    /** Listens on a free port of the loopback address. */
    public SimulatedService(ServiceProtocol protocol) {
        this.protocol = protocol;
        this.server = new ServiceServer(this::handle);
    }

    /** Scheme, host and port. */
    public URI uri() {
        return server.uri();
    }

    ServiceServer server() {
        return server;
    }

    /** Create calls get this, and create nothing. */
    void answerCreates(Reply reply) {
        onCreate = call -> reply;
    }

    void answerCreates(ServiceResponse response) {
        answerCreates(new Reply.Complete(response));
    }

    /** Create calls create a task and get this, made from what they should get. */
    void breakAnswersToCreates(Function<ServiceResponse, Reply> broken) {
        onCreate = call ->
                accept(call) instanceof Reply.Complete complete ? broken.apply(complete.response()) : Reply.None.CLOSED;
    }

    /** Create calls create a task with this id. */
    void acceptCreatesAs(String taskId) {
        onCreate = call -> accept(taskId);
    }

    void acceptCreates() {
        onCreate = this::accept;
    }

    void answerPolls(Reply reply) {
        onPoll = taskId -> reply;
    }

    void answerPolls(ServiceResponse response) {
        answerPolls(new Reply.Complete(response));
    }

    /** Polls are answered by the state of the task. */
    void answerPollsByState() {
        onPoll = this::progress;
    }

    /** There is this task, and it was not charged here. */
    void knows(String taskId) {
        polls.putIfAbsent(taskId, new AtomicInteger());
    }

    /** How many tasks were created. */
    public int charged() {
        return charged.get();
    }

    /** The create calls that arrived, whether they created anything or not. */
    List<ServiceRequest> creates() {
        return creates;
    }

    List<ServiceRequest> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.close();
    }

    private Reply handle(ServiceRequest request) {
        requests.add(request);
        ServiceCall call = protocol.callOf(request);
        return switch (call.kind()) {
            case CREATE, STREAMED_CREATE -> {
                creates.add(request);
                yield onCreate.apply(call);
            }
            case POLL -> onPoll.apply(call.taskId());
            case SUPPORTING -> new Reply.Complete(protocol.supporting(request));
        };
    }

    private Reply accept(ServiceCall call) {
        String taskId = protocol.taskId(charged.get() + 1);
        if (call.kind() == ServiceCall.Kind.STREAMED_CREATE) {
            charged.incrementAndGet();
            polls.put(taskId, new AtomicInteger(2));
            return new Reply.Complete(protocol.streamed(taskId, MEDIUM)
                    .orElseThrow(() -> new AssertionError("the protocol has no streamed create call")));
        }
        return accept(taskId);
    }

    private Reply accept(String taskId) {
        charged.incrementAndGet();
        polls.put(taskId, new AtomicInteger());
        return new Reply.Complete(protocol.accepted(taskId));
    }

    private Reply progress(String taskId) {
        AtomicInteger count = polls.get(taskId);
        if (count == null) {
            return new Reply.Complete(protocol.unknownTask(taskId));
        }
        return new Reply.Complete(
                switch (count.incrementAndGet()) {
                    case 1 -> protocol.pending(taskId, TaskStatus.QUEUED);
                    case 2 -> protocol.pending(taskId, TaskStatus.RUNNING);
                    default -> protocol.succeeded(taskId, MEDIUM);
                });
    }
}
