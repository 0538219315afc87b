/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FairDivisionTest {
    @Test
    void eachGetsWhatItWantsIfThereIsEnoughAndTheRestIsDividedEvenly() {
        assertThat(FairDivision.of(12, Map.of("a", 5L, "b", 1L), 0)).isEqualTo(Map.of("a", 8L, "b", 4L));
    }

    @Test
    void whoWantsMoreThanThereIsGetsAsMuchAsTheOthersThatDo() {
        assertThat(FairDivision.of(10, Map.of("a", 100L, "b", 2L, "c", 50L), 0))
                .isEqualTo(Map.of("a", 4L, "b", 2L, "c", 4L));
    }

    @Test
    void theOddRestGoesFromNodeToNode() {
        Map<String, Long> wants = Map.of("a", 5L, "b", 5L);
        assertThat(FairDivision.of(1, wants, 6)).isEqualTo(Map.of("a", 1L, "b", 0L));
        assertThat(FairDivision.of(1, wants, 7)).isEqualTo(Map.of("a", 0L, "b", 1L));
    }

    @Test
    void noNodeWaitsLongerForTheOddRestThanIfAllTookTurns() {
        Map<String, Long> wants = new TreeMap<>();
        for (int node = 0; node < 50; node++) {
            wants.put("node" + node, 5L);
        }
        for (int first = 0; first < 100; first++) {
            Set<String> served = new HashSet<>();
            for (int turn = first; turn < first + 7; turn++) {
                FairDivision.of(8, wants, turn).forEach((node, part) -> {
                    if (part > 0) {
                        served.add(node);
                    }
                });
            }
            assertThat(served).hasSize(50);
        }
    }

    @Test
    void thePartsAreTheNumberWhateverIsWanted() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Map<String, Long> wants = new TreeMap<>();
            for (int node = random.nextInt(6); node >= 0; node--) {
                wants.put("node" + node, (long) random.nextInt(20));
            }
            long number = random.nextInt(50);
            Map<String, Long> parts = FairDivision.of(number, wants, random.nextInt(1000));
            assertThat(parts.keySet()).isEqualTo(wants.keySet());
            assertThat(parts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(number);
            long least = parts.values().stream().min(Long::compare).orElseThrow();
            wants.forEach((node, wanted) -> assertThat(parts.get(node) >= Math.min(wanted, number / wants.size()))
                    .as("%s of %d for %s, least %d", parts, number, wants, least)
                    .isTrue());
        }
    }
}
