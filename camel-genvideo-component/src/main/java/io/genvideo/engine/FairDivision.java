/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Divides a number among nodes: each gets what it wants, or as much as the others that want more than there is. What nobody
 * wants is divided evenly, so that a node can begin at once. All nodes come to the same parts.
 */
final class FairDivision {
    private FairDivision() {}

    /**
     * @param wants by node
     * @param turn of which nodes the odd rest is; it goes to the next ones with the number
     * @return the parts, together no more than the number
     */
    static Map<String, Long> of(long number, Map<String, Long> wants, long turn) {
        return of(number, wants, turn, true);
    }

    /** @param spare whether what nobody wants is divided, too */
    static Map<String, Long> of(long number, Map<String, Long> wants, long turn, boolean spare) {
        List<String> nodes = new ArrayList<>(new TreeSet<>(wants.keySet()));
        // past all that had the odd rest in the turn before
        long rested = Math.max(1, number % nodes.size());
        Collections.rotate(nodes, -(int) Math.floorMod(turn * rested, (long) nodes.size()));
        Map<String, Long> parts = new HashMap<>();
        long left = number;
        List<String> unsatisfied = nodes;
        while (left > 0 && !unsatisfied.isEmpty()) {
            long each = Math.max(1, left / unsatisfied.size());
            List<String> next = new ArrayList<>();
            for (String node : unsatisfied) {
                long missing = wants.getOrDefault(node, 0L) - parts.getOrDefault(node, 0L);
                long more = Math.max(0, Math.min(left, Math.min(each, missing)));
                parts.merge(node, more, Long::sum);
                left -= more;
                if (more < missing) {
                    next.add(node);
                }
            }
            unsatisfied = next;
        }
        if (!spare) {
            return parts;
        }
        long each = left / nodes.size();
        long rest = left % nodes.size();
        for (int i = 0; i < nodes.size(); i++) {
            parts.merge(nodes.get(i), each + (i < rest ? 1 : 0), Long::sum);
        }
        return parts;
    }
}
