/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules by which services misbehave. Each rule draws from its own random source, seeded by the sandbox's seed and
 * the rule's place, so that the n-th request that meets a rule fares the same in every run. Thread-safe.
 */
public final class Faults {
    /** Most rules at one time. */
    static final int MAX_RULES = 1_000;

    private final InstantSource clock;
    private final long seed;
    private final List<Active> active = new ArrayList<>();
    private final Map<String, Set<String>> routes = new TreeMap<>();
    private final Runnable cleared;
    private int added;

    /** @param cleared runs when all rules are removed */
    Faults(InstantSource clock, long seed, Runnable cleared) {
        this.cleared = cleared;
        this.clock = clock;
        this.seed = seed;
    }

    /** What rules may name: the routes of each service. */
    synchronized void routes(String service, Set<String> names) {
        routes.put(service, new TreeSet<>(names));
    }

    /** The routes of each service that rules may name. */
    synchronized Map<String, Set<String>> routes() {
        return Collections.unmodifiableMap(new TreeMap<>(routes));
    }

    /**
     * Adds a rule behind the others; its time window starts now.
     *
     * @throws IllegalArgumentException if there is no such service or route: the rule would never match; or if there are
     *     {@value #MAX_RULES} already
     */
    public void add(FaultRule rule) {
        addAll(List.of(rule));
    }

    /** Adds all rules, or none if one of them is refused. */
    synchronized void addAll(List<FaultRule> rules) {
        removeSpent();
        rules.forEach(this::check);
        if (active.size() + rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("there can be at most " + MAX_RULES + " rules");
        }
        for (FaultRule rule : rules) {
            active.add(new Active(added, rule, clock.instant(), new Random(seed * 31 + added)));
            added++;
        }
    }

    /** Removes the rule with this id, if it is there. */
    synchronized void remove(int id) {
        active.removeIf(a -> a.id == id);
    }

    /** The rules that still can happen, by id, in order. */
    synchronized Map<Integer, FaultRule> rulesById() {
        removeSpent();
        Map<Integer, FaultRule> rules = new LinkedHashMap<>();
        active.forEach(a -> rules.put(a.id, a.rule));
        return rules;
    }

    private void check(FaultRule rule) {
        boolean anyService = rule.service().equals("*");
        if (!anyService && !routes.containsKey(rule.service())) {
            throw new IllegalArgumentException("service '" + rule.service() + "' does not exist; there are *, "
                    + String.join(", ", routes.keySet()));
        }
        Set<String> known = new TreeSet<>();
        routes.forEach((service, names) -> {
            if (anyService || service.equals(rule.service())) {
                known.addAll(names);
            }
        });
        if (!rule.route().equals("*") && !known.contains(rule.route())) {
            throw new IllegalArgumentException("service '" + rule.service() + "' has no route '" + rule.route()
                    + "'; there are *, " + String.join(", ", known));
        }
    }

    /** Every service closes every connection for the given time. */
    public void down(Duration duration) {
        add(FaultRule.on("*", "*", Fault.down()).lasting(duration));
    }

    /** Removes all rules: everything is healthy again, and what was lost before is no longer held against a client. */
    public void clear() {
        synchronized (this) {
            active.clear();
        }
        cleared.run();
    }

    /** The rules that still can happen. */
    public synchronized List<FaultRule> rules() {
        removeSpent();
        return active.stream().map(a -> a.rule).toList();
    }

    /** @param streams whether the route answers with a stream, so that a stream's faults can happen on it */
    synchronized Optional<Fault> decide(String service, String route, boolean streams) {
        if (active.isEmpty()) {
            return Optional.empty();
        }
        removeSpent();
        Instant now = clock.instant();
        for (Active a : active) {
            if (a.rule.matches(service, route)
                    && (streams || !(a.rule.fault() instanceof Fault.Stream))
                    && a.started(now)
                    && a.random.nextDouble() < a.rule.probability()) {
                a.count++;
                return Optional.of(a.rule.fault());
            }
        }
        return Optional.empty();
    }

    private void removeSpent() {
        Instant now = clock.instant();
        active.removeIf(a -> a.spent(now));
    }

    private static final class Active {
        private final int id;
        private final FaultRule rule;
        private final Instant addedAt;
        private final Random random;
        private int count;

        private Active(int id, FaultRule rule, Instant addedAt, Random random) {
            this.id = id;
            this.rule = rule;
            this.addedAt = addedAt;
            this.random = random;
        }

        private boolean started(Instant now) {
            return !now.isBefore(addedAt.plus(rule.startsAfter()));
        }

        private boolean spent(Instant now) {
            Duration lasts = rule.lasts();
            return (rule.maxCount() > 0 && count >= rule.maxCount())
                    || (lasts != null
                            && !now.isBefore(addedAt.plus(rule.startsAfter()).plus(lasts)));
        }
    }
}
