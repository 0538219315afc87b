/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the one rule that prices a request (docs/contracts/ima.md section 3.3). The service's own clients fall back on the
 * nearest rule, which
 * silently changes the request; here what has no price, or more than one, is refused.
 */
final class PriceFinder {
    private static final int SHOWN = 24;

    private PriceFinder() {}

    /**
     * The only rule all of whose attributes have their values among the parameters that are sent; if none has, the only
     * rule that the list marks as the default.
     */
    static CreditRule find(ImaLeaf leaf, ResolvedParameters parameters) {
        List<CreditRule> matching = leaf.rules().stream()
                .filter(r -> !r.isDefault() && r.matches(parameters.sent()))
                .distinct()
                .toList();
        if (matching.isEmpty()) {
            matching = leaf.rules().stream()
                    .filter(CreditRule::isDefault)
                    .distinct()
                    .toList();
        }
        if (matching.size() == 1) {
            return matching.get(0);
        }
        String requested = leaf.rules().stream()
                .flatMap(r -> r.attributes().keySet().stream())
                .distinct()
                .filter(parameters.sent()::containsKey)
                .map(parameters::shown)
                .collect(Collectors.joining(", "));
        throw ImaErrors.ERRORS.invalid(leaf.name() + " has " + (matching.isEmpty() ? "no price" : "more than one price")
                + " for " + (requested.isEmpty() ? "this request" : requested) + "; priced combinations: "
                + combinations(leaf));
    }

    private static String combinations(ImaLeaf leaf) {
        String shown = leaf.rules().stream().limit(SHOWN).map(CreditRule::shown).collect(Collectors.joining("; "));
        int more = leaf.rules().size() - SHOWN;
        return shown.isEmpty() ? "none" : more > 0 ? shown + "; and " + more + " more" : shown;
    }
}
