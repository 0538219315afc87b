/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.util.stream.Collectors.toSet;

import io.genvideo.engine.ClusterState.Pause;
import io.genvideo.engine.ClusterState.Share;
import io.genvideo.spi.SentTasks;
import io.genvideo.spi.SharedState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes divide the limits of their accounts (docs/design.md section 4.11). Each node writes its own part, from the
 * state that it has read and only if nobody has written since, by two rules: it takes no more than what all others leave, and
 * it gives back what is more than its fair part as soon as it does not use it. So the parts never exceed the limit together.
 *
 * <p>What a node holds whose lease has ended is what the journal says that it has at work, until others have taken that up.
 */
final class LimitAllotment {
    /** How long one node has the odd rest of a division. */
    private static final long ROTATE_SECONDS = 30;

    /** {@code Retry-After} counts up to one hour; a node's reading of the journal's clock may be a little old. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(61);

    private final String self;
    private final SharedState journal;
    private final ClusterState others;
    private final Map<String, Map<String, Long>> sent;

    /**
     * A limit that this node uses.
     *
     * @param most 0 if it is not known here
     * @param used now; it can't be given back
     */
    record Demand(String account, Limit limit, long most, long used, long wanted) {}

    /**
     * What a node may use of a limit.
     *
     * @param target its fair part: if it uses more, it begins nothing new
     * @param others what all others hold
     */
    record Grant(Demand demand, long held, long target, long others) {}

    /** The state as it is to be written, and what this node may use when it is. */
    record Result(ClusterState state, List<Grant> grants, int nodes) {}

    /** @param sent as counted after the journal's state was read; {@code null} if that was not needed */
    LimitAllotment(String self, SharedState journal, @Nullable Collection<SentTasks> sent) {
        this.self = self;
        this.journal = journal;
        this.sent = byOwner(sent == null ? List.of() : sent);
        ClusterState read = ClusterState.parse(journal.text()).without(self::equals);
        this.others = sent == null ? read : counted(read);
    }

    private static Map<String, Map<String, Long>> byOwner(Collection<SentTasks> sent) {
        Map<String, Map<String, Long>> byOwner = new HashMap<>();
        sent.forEach(s ->
                byOwner.computeIfAbsent(s.owner(), o -> new TreeMap<>()).merge(s.account(), s.records(), Long::sum));
        return byOwner;
    }

    /**
     * Nodes that are gone, or that tell nothing: what they have at work has to be counted in the journal, before anybody uses
     * what they held. Until then it counts as used.
     */
    static Set<String> toBeCounted(SharedState journal, String self) {
        ClusterState state = ClusterState.parse(journal.text());
        Set<String> nodes = new TreeSet<>(journal.lapsed());
        Stream.concat(state.nodes().stream(), state.shares().stream().map(Share::owner))
                .filter(owner -> !journal.living().contains(owner))
                .forEach(nodes::add);
        journal.living().stream()
                .filter(owner -> !state.nodes().contains(owner))
                .forEach(nodes::add);
        nodes.remove(self);
        return nodes;
    }

    /** Whether the state says that this node takes part: if not, others have taken it for gone, and with it its parts. */
    static boolean isKnown(SharedState journal, String self) {
        return ClusterState.parse(journal.text()).nodes().contains(self);
    }

    /**
     * A count is of one moment, so that a task that is taken up meanwhile stands either with its former owner or with its new
     * one, who may not have told so yet: each node holds at least what it has at work.
     */
    private ClusterState counted(ClusterState read) {
        Set<String> telling =
                read.nodes().stream().filter(journal.living()::contains).collect(toSet());
        List<Share> shares = new ArrayList<>();
        for (Share share : read.shares()) {
            if (telling.contains(share.owner())) {
                long atWork = share.limit() == Limit.IN_FLIGHT ? sentBy(share.owner(), share.account()) : 0;
                shares.add(share.holding(Math.max(share.held(), atWork)));
            }
        }
        sent.forEach((owner, byAccount) -> byAccount.forEach((account, count) -> {
            boolean isTold = shares.stream().anyMatch(s -> s.owner().equals(owner) && s.isOf(account, Limit.IN_FLIGHT));
            if (!isTold && !owner.equals(self)) {
                shares.add(new Share(owner, account, Limit.IN_FLIGHT, 0, count, 0));
            }
        }));
        ClusterState living = read.without(owner -> !journal.living().contains(owner));
        // a pause is the service's, and outlives the node that it was told
        return new ClusterState(living.nodes(), shares, read.pauses(), living.unknown());
    }

    private long sentBy(String owner, String account) {
        return sent.getOrDefault(owner, Map.of()).getOrDefault(account, 0L);
    }

    /** What others have been asked by the service. One that is longer than any was written before the journal's clock was set back. */
    List<Pause> pauses() {
        Instant latest = journal.now().plus(LONGEST_PAUSE);
        return others.pauses().stream()
                .filter(p -> p.until().isAfter(journal.now()) && !p.until().isAfter(latest))
                .toList();
    }

    /** @param paused what the service has asked this node */
    Result divide(Collection<Demand> demands, Collection<Pause> paused) {
        Set<String> nodes = new HashSet<>(others.nodes());
        Set<String> company = nodes.stream().filter(journal.living()::contains).collect(toSet());
        boolean isAlone = journal.living().stream().allMatch(self::equals) && company.isEmpty();
        nodes.add(self);
        List<Share> shares = new ArrayList<>(others.shares());
        List<Grant> grants = new ArrayList<>();
        for (Demand demand : demands) {
            Grant grant = grant(demand, company);
            grants.add(grant);
            shares.add(new Share(
                    self,
                    demand.account(),
                    demand.limit(),
                    demand.most(),
                    grant.held(),
                    isAlone ? 0 : demand.wanted()));
        }
        List<Pause> pauses = new ArrayList<>(pauses());
        pauses.addAll(paused);
        return new Result(
                new ClusterState(nodes, shares, pauses, others.unknown()),
                grants,
                Math.max(1, journal.living().size()));
    }

    private Grant grant(Demand demand, Set<String> company) {
        List<Share> theirs = others.shares().stream()
                .filter(s -> s.isOf(demand.account(), demand.limit()))
                .toList();
        long most = most(demand, theirs);
        long held = theirs.stream().mapToLong(Share::held).sum();
        Map<String, Long> wants = new HashMap<>();
        long capacity = most;
        for (Share share : theirs) {
            if (company.contains(share.owner())) {
                wants.put(share.owner(), share.wanted());
            } else {
                capacity -= share.held();
            }
        }
        wants.put(self, demand.wanted());
        long turn = journal.now().getEpochSecond() / ROTATE_SECONDS;
        boolean spare = !isLowerWanted(demand, theirs, company, most);
        long target = FairDivision.of(Math.max(0, capacity), wants, turn, spare).getOrDefault(self, 0L);
        long used = demand.limit() == Limit.IN_FLIGHT
                ? Math.max(demand.used(), sentBy(self, demand.account()))
                : demand.used();
        long room = Math.max(0, most - held);
        return new Grant(demand, Math.max(used, Math.min(target, room)), target, held);
    }

    /**
     * Whether a node wants something that knows a lower limit: all that others hold counts for it, so that they must not hold what
     * they do not want.
     */
    private boolean isLowerWanted(Demand demand, List<Share> theirs, Set<String> company, long most) {
        boolean isOurs = demand.most() > 0 && demand.most() < most && demand.wanted() > 0;
        return isOurs
                || theirs.stream()
                        .filter(s -> company.contains(s.owner()))
                        .anyMatch(s -> s.most() > 0 && s.most() < most && s.wanted() > 0);
    }

    private static long most(Demand demand, List<Share> theirs) {
        LongStream known = LongStream.concat(
                        LongStream.of(demand.most()), theirs.stream().mapToLong(Share::most))
                .filter(most -> most > 0);
        return (demand.limit().isLowestForAll() ? known.min() : known.max()).orElse(0);
    }
}
