/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which deliveries of a webhook were taken before. Bounded: what is older is refused for its age anyway. Thread-safe. */
final class ReplayCache {
    private static final int MOST = 20_000;

    private final LinkedHashMap<String, Boolean> known = new LinkedHashMap<>();

    /** @return whether it was not known yet */
    synchronized boolean add(String deliveryId) {
        if (known.putIfAbsent(deliveryId, Boolean.TRUE) != null) {
            return false;
        }
        if (known.size() > MOST) {
            Map.Entry<String, Boolean> oldest = known.entrySet().iterator().next();
            known.remove(oldest.getKey());
        }
        return true;
    }
}
