/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.harness.OwnerChanges.Change;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which changes of owners are takeovers of tasks that have to be polled. */
class OwnerChangesTest {
    private static Change change(String from, String to) {
        return new Change("r", "t", true, from, to);
    }

    @Test
    void countsEachNewOwner() {
        assertThat(OwnerChanges.takeovers(List.of(change("a", "b"), change("b", "a"))))
                .isEqualTo(Map.of("t", 2));
    }

    @Test
    void aTaskThatWasGivenBackIsTakenOverByAnotherOwnerOnly() {
        assertThat(OwnerChanges.takeovers(List.of(change("a", null), change(null, "b"))))
                .isEqualTo(Map.of("t", 1));
        assertThat(OwnerChanges.takeovers(List.of(change("a", null), change(null, "a"))))
                .isEmpty();
    }

    @Test
    void whatHasEndedOrHasNoTaskIsNotPolled() {
        assertThat(OwnerChanges.takeovers(
                        List.of(new Change("r", "t", false, "a", "b"), new Change("r", null, true, "b", "c"))))
                .isEmpty();
    }
}
