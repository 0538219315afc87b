/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has open at the service. The service does not say what it does with two messages in one session at a time
 * (docs/contracts/nemo.md section 6), so that there is one. Generations wait for each other by their serialization key; this
 * keeps them and messages outside a generation apart.
 */
final class ActiveSessions {
    private final Set<String> streams = ConcurrentHashMap.newKeySet();
    private final Set<String> generating = ConcurrentHashMap.newKeySet();
    private final Set<String> chatting = ConcurrentHashMap.newKeySet();

    /** A generation is about to send its message. */
    void generationStarts(MessageProgress message) {
        streams.add(message.taskId());
        generating.add(message.session());
    }

    void generationEnds(MessageProgress message) {
        streams.remove(message.taskId());
        generating.remove(message.session());
    }

    /** Whether the stream of a task's message is open. */
    boolean isStreaming(String taskId) {
        return streams.contains(taskId);
    }

    /** Whether a message outside a generation is under way in a session. */
    boolean isChatting(String session) {
        return chatting.contains(session);
    }

    /**
     * Begins a message outside a generation.
     *
     * @return false if there is one in this session already
     */
    boolean chatStarts(String session) {
        return !generating.contains(session) && chatting.add(session);
    }

    void chatEnds(String session) {
        chatting.remove(session);
    }
}
