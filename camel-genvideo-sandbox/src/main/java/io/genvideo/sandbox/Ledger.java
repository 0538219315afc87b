/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The books of the sandbox: what was charged, what was asked against the contract, what was broken on purpose. It holds
 * no key and no prompt, only hashes of them. Thread-safe.
 */
public final class Ledger {
    /** Most violations and most injected faults that are kept; later ones are only counted. */
    public static final int MAX_ENTRIES = 10_000;

    /** Most different notes that are kept. */
    private static final int MAX_NOTES = 1_000;

    /** A create with equal input within this time after a lost answer is taken for its repetition. */
    static final Duration REPEAT_WINDOW = Duration.ofMinutes(10);

    /** A violation quotes what was sent; so much of it is enough to find it. */
    private static final int MAX_TEXT = 400;

    /**
     * One accepted create.
     *
     * @param account hash of the key, see {@link Ledger#account}
     * @param points what was charged, for all media of the task
     * @param promptHash {@link Ledger#hash} of the prompt as it was sent
     * @param sourceHash {@link Ledger#hash} of the contents of the inputs in their order; of its URL for an input that
     *     is not kept here; empty without inputs
     */
    public record Charge(
            Instant time,
            String service,
            String account,
            String taskId,
            String model,
            long points,
            String promptHash,
            String sourceHash) {}

    /** A request outside of the contract. */
    public record Violation(Instant time, String service, String route, String what) {}

    /**
     * Something that the contract leaves open and that a careful client would not do. It is answered as if it were right.
     *
     * @param first when it was first seen
     * @param last when it was last seen
     * @param count how often it was seen
     */
    public record Note(Instant first, Instant last, String service, String route, String what, long count) {}

    /**
     * A fault that was injected.
     *
     * @param subject what the request was about: the path of a medium; of another request that was processed, the task id
     *     of a create or of a poll; else empty
     */
    public record Injected(Instant time, String service, String route, String kind, String subject) {}

    /**
     * A poll that was processed, also one whose response a fault has spoiled.
     *
     * @param ended whether an earlier poll has shown the end of the task
     */
    public record Poll(Instant time, String service, String taskId, boolean ended) {}

    /**
     * A task now.
     *
     * @param state {@code PENDING}, {@code PROCESSING}, {@code SUCCEEDED}, {@code FAILED}, {@code CANCELED} or
     *     {@code DELETED}
     * @param dueAt when it ends at the earliest; null if never
     * @param readyAt when its end could first be seen by a poll, i.e. the later of {@code dueAt} and the end of the
     *     rendering; null while open
     * @param polls how often its state was asked for
     * @param mediaPaths paths of its results on this server
     * @param points what was charged for it
     * @param inputPaths paths of its inputs that are kept on this server
     * @param progress 0 to 1, by its time; null if it never ends
     * @param failure why it failed; empty unless it did
     */
    public record TaskView(
            String service,
            String account,
            String taskId,
            String model,
            String state,
            Instant createdAt,
            @Nullable Instant dueAt,
            @Nullable Instant readyAt,
            int polls,
            List<String> mediaPaths,
            long points,
            List<String> inputPaths,
            @Nullable Double progress,
            String failure) {

        /** How far a task has come by its time. */
        public static @Nullable Double progressOf(Instant createdAt, @Nullable Instant dueAt, Instant now) {
            if (dueAt == null) {
                return null;
            }
            double whole = Math.max(1, Duration.between(createdAt, dueAt).toMillis());
            return Math.min(1, Math.max(0, Duration.between(createdAt, now).toMillis() / whole));
        }
    }

    private final InstantSource clock;
    private final long startBalance;
    private final Map<String, Long> balances = new HashMap<>();
    private final List<Charge> charges = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<Injected> injected = new ArrayList<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private final List<Supplier<? extends Collection<TaskView>>> taskSources = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super Poll>> pollListeners = new CopyOnWriteArrayList<>();
    private final Map<String, Note> notes = new LinkedHashMap<>();
    private final Map<String, Instant> lostAnswers = new HashMap<>();
    private final Map<String, String> inputsByTask = new HashMap<>();
    private long violationCount;

    Ledger(InstantSource clock, long startBalance) {
        this.clock = clock;
        this.startBalance = startBalance;
    }

    /** The time by the sandbox's clock. */
    Instant now() {
        return clock.instant();
    }

    /** All accepted creates, in order. */
    public synchronized List<Charge> charges() {
        return List.copyOf(charges);
    }

    /** How many creates were accepted (and charged) by all services. */
    public synchronized int creates() {
        return charges.size();
    }

    /** What is left on an account; an unknown one still has its start balance. */
    public synchronized long balance(String account) {
        return balances.getOrDefault(account, startBalance);
    }

    /** Gives an account that is not known yet another start balance than that of the sandbox. */
    public synchronized void open(String account, long points) {
        balances.putIfAbsent(account, points);
    }

    /** The first {@value #MAX_ENTRIES} requests outside of the contract, in order. */
    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** How many violations there were, including those that were not kept. */
    public synchronized long violationCount() {
        return violationCount;
    }

    /** What the contract leaves open, one entry for each kind, in the order in which they were first seen. */
    public synchronized List<Note> notes() {
        return List.copyOf(notes.values());
    }

    /** The first {@value #MAX_ENTRIES} faults that were injected, in order. */
    public synchronized List<Injected> injected() {
        return List.copyOf(injected);
    }

    /** Number of requests, keyed {@code service/route}, e.g. {@code ima/create}; refused and faulty ones count. */
    public synchronized Map<String, Long> requests() {
        return Collections.unmodifiableMap(new TreeMap<>(requests));
    }

    /** All tasks of all services in the order of creation. */
    public List<TaskView> tasks() {
        return taskSources.stream().flatMap(s -> s.get().stream()).toList();
    }

    /** Lets a service show its tasks here. */
    public void addTasks(Supplier<? extends Collection<TaskView>> source) {
        taskSources.add(source);
    }

    /** Passes each poll on, on the thread that serves it. Polls are not kept here. */
    public void onPoll(Consumer<? super Poll> listener) {
        pollListeners.add(listener);
    }

    void polled(String service, String taskId, Instant time, boolean ended) {
        Poll poll = new Poll(time, service, taskId, ended);
        pollListeners.forEach(listener -> listener.accept(poll));
    }

    /**
     * Books an accepted create if the account can pay for it.
     *
     * @param points at least 0
     * @return false if its balance is too small; then nothing is booked
     * @throws IllegalArgumentException for negative points, which would add to the balance
     */
    public synchronized boolean charge(
            String service,
            String account,
            String taskId,
            String model,
            long points,
            String promptHash,
            String sourceHash) {
        if (points < 0) {
            throw new IllegalArgumentException("points must not be negative: " + points);
        }
        long left = balance(account) - points;
        if (left < 0) {
            return false;
        }
        balances.put(account, left);
        repeated(service, account, taskId, String.join("|", service, account, model, promptHash, sourceHash));
        charges.add(new Charge(clock.instant(), service, account, taskId, model, points, promptHash, sourceHash));
        return true;
    }

    /** Gives back what was charged for a task that the service does not bill after all; the create stays in the books. */
    public synchronized void refund(String account, long points) {
        balances.merge(account, points, Long::sum);
    }

    /** The breach that costs users money: the same create again, because its answer was lost. */
    private void repeated(String service, String account, String taskId, String input) {
        Instant now = clock.instant();
        Instant lost = lostAnswers.remove(input);
        if (lost != null && !lost.plus(REPEAT_WINDOW).isBefore(now)) {
            violation(
                    service,
                    "create",
                    "a create with equal input came "
                            + Duration.between(lost, now).toSeconds()
                            + " s after the answer to the first was lost; both are charged (" + account + ", " + taskId
                            + ")");
        }
        inputsByTask.put(taskId, input);
    }

    /** The balance of each account that was charged. */
    public synchronized Map<String, Long> balances() {
        return Collections.unmodifiableMap(new TreeMap<>(balances));
    }

    /** Empties the books; every account has its start balance again. */
    synchronized void clear() {
        balances.clear();
        charges.clear();
        violations.clear();
        injected.clear();
        requests.clear();
        notes.clear();
        lostAnswers.clear();
        inputsByTask.clear();
        violationCount = 0;
    }

    /** Creates from now on are not taken for repetitions of those before. */
    synchronized void forgetLostAnswers() {
        lostAnswers.clear();
    }

    /** The answer to the create of a task did not reach the client. */
    synchronized void answerLost(String taskId) {
        String input = inputsByTask.get(taskId);
        if (input != null) {
            lostAnswers.put(input, clock.instant());
        }
    }

    /** Books what the contract leaves open; {@code what} is the same text each time. */
    public synchronized void note(String service, String route, String what) {
        Instant now = clock.instant();
        String key = service + "/" + route + "/" + what;
        Note old = notes.get(key);
        if (old != null || notes.size() < MAX_NOTES) {
            notes.put(
                    key,
                    old == null
                            ? new Note(now, now, service, route, what, 1)
                            : new Note(old.first(), now, service, route, what, old.count() + 1));
        }
    }

    /** Books a request outside of the contract. */
    public synchronized void violation(String service, String route, String what) {
        violationCount++;
        if (violations.size() < MAX_ENTRIES) {
            violations.add(new Violation(
                    clock.instant(), service, route, what.length() > MAX_TEXT ? what.substring(0, MAX_TEXT) : what));
        }
    }

    synchronized void request(String service, String route) {
        requests.merge(service + "/" + route, 1L, Long::sum);
    }

    synchronized void injected(String service, String route, Fault fault, String subject) {
        if (injected.size() < MAX_ENTRIES) {
            injected.add(new Injected(clock.instant(), service, route, fault.kind(), subject));
        }
    }

    /** The name under which the owner of a key stands in the books. */
    public static String account(String key) {
        return "acct-" + hash(key).substring(0, 10);
    }

    /** First 16 hexadecimal digits of the SHA-256 of a text, as used in {@link Charge}. */
    public static String hash(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
