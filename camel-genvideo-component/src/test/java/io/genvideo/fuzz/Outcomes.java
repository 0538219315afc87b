/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.Media;
import io.genvideo.model.Paid;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmitOutcome;
import java.net.URI;

/** What every outcome has to keep, whatever the service said. */
final class Outcomes {
    private static final int MOST_ID = 8192;

    private Outcomes() {}

    /** @param named whether the response names a task: then it is no "no" (docs/design.md section 4, money rule 3) */
    static void judge(Judge judge, SubmitOutcome outcome, boolean named) {
        if (outcome instanceof SubmitOutcome.Accepted accepted) {
            assertThat(accepted.taskId()).as("task id").isNotBlank().hasSizeLessThanOrEqualTo(MOST_ID);
            assertThat(accepted.status().isWatched())
                    .as("status of an accepted task")
                    .isTrue();
            judge.raw(accepted.raw());
        } else if (outcome instanceof SubmitOutcome.Unknown unknown) {
            judge.clean(unknown.error());
            assertThat(unknown.error().paid()).as("paid of an unknown outcome").isEqualTo(Paid.UNKNOWN);
        } else {
            assertThat(named)
                    .as("a response that names a task became " + outcome)
                    .isFalse();
            if (outcome instanceof SubmitOutcome.Refused refused) {
                judge.clean(refused.error());
            } else if (outcome instanceof SubmitOutcome.Deferred deferred) {
                judge.clean(deferred.error());
            } else if (outcome instanceof SubmitOutcome.NoCapacity busy) {
                judge.clean(busy.error());
            } else if (outcome instanceof SubmitOutcome.Stale stale) {
                judge.clean(stale.error());
            }
        }
    }

    /** @param speaks whether the body is an object of the service; else nothing was learned about the task */
    static void judge(Judge judge, PollOutcome outcome, boolean speaks) {
        if (outcome instanceof PollOutcome.Succeeded succeeded) {
            assertThat(speaks).as("a success without an object").isTrue();
            assertThat(succeeded.media()).as("media of a success").isNotEmpty();
            for (Media medium : succeeded.media()) {
                URI url = medium.url();
                assertThat(url.getScheme()).as("scheme of %s", url).isIn("http", "https");
                assertThat(url.getRawAuthority()).as("host of %s", url).isNotNull();
            }
            judge.raw(succeeded.raw());
        } else if (outcome instanceof PollOutcome.Failed failed) {
            assertThat(speaks).as("a failure without an object").isTrue();
            judge.clean(failed.error());
            judge.raw(failed.raw());
        } else if (outcome instanceof PollOutcome.Cancelled cancelled) {
            assertThat(speaks).as("a cancellation without an object").isTrue();
            judge.clean(cancelled.error());
            judge.raw(cancelled.raw());
        } else if (outcome instanceof PollOutcome.Trouble trouble) {
            judge.clean(trouble.error());
        } else if (outcome instanceof PollOutcome.Pending pending) {
            assertThat(pending.status().isWatched())
                    .as("status of a pending task")
                    .isTrue();
            if (pending.progress() != null) {
                assertThat(pending.progress()).as("progress").isBetween(0.0, 1.0);
            }
        }
    }
}
