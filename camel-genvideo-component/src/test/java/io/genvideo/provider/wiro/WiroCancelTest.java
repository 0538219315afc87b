/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import org.junit.jupiter.api.Test;

/** docs/contracts/wiro.md section 5: Cancel in the queue, Kill while running. */
class WiroCancelTest extends WiroTestSupport {
    private static final String NOT_CANCELLABLE = error("1", "Task is not in a cancellable state.");

    private CancelOutcome cancel() {
        return await(provider().cancel(task("2221"), CallOptions.DEFAULT));
    }

    @Test
    void cancelsAQueuedTask() {
        stub("/Task/Cancel", okJson(detail("2221", "task_cancel", "")));

        assertThat(cancel()).isInstanceOf(CancelOutcome.Requested.class);
        SERVICE.verify(
                1,
                postRequestedFor(urlPathEqualTo("/v1/Task/Cancel"))
                        .withRequestBody(matchingJsonPath("$[?(@.taskid == '2221')]")));
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/v1/Task/Kill")));
    }

    @Test
    void killsATaskThatRuns() {
        stub("/Task/Cancel", okJson(NOT_CANCELLABLE));
        stub("/Task/Kill", okJson(detail("2221", "task_cancel", "")));

        assertThat(cancel()).isInstanceOf(CancelOutcome.Requested.class);
        SERVICE.verify(
                1,
                postRequestedFor(urlPathEqualTo("/v1/Task/Kill"))
                        .withRequestBody(matchingJsonPath("$[?(@.taskid == '2221')]")));
    }

    @Test
    void aKillThatComesTooLateIsRefused() {
        stub("/Task/Cancel", okJson(NOT_CANCELLABLE));
        stub("/Task/Kill", okJson(error("1", "Task could not be killed: it has ended")));

        CancelOutcome.Refused refused = (CancelOutcome.Refused) cancel();

        assertThat(refused.error().message()).contains("killing the task").contains("could not be killed");
    }

    @Test
    void aTaskThatTheServiceDoesNotKnowIsNotKilled() {
        stub("/Task/Cancel", okJson(error("1", "There is no task yet.")));

        CancelOutcome.Refused refused = (CancelOutcome.Refused) cancel();

        assertThat(refused.error().category()).isEqualTo(ErrorCategory.TASK_NOT_FOUND);
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/v1/Task/Kill")));
    }

    @Test
    void aCancelWithoutAnAnswerFails() {
        stub("/Task/Cancel", aResponse().withStatus(503));

        assertThat(((CancelOutcome.Refused) cancel()).error().category()).isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);

        stub("/Task/Cancel", aResponse().withFixedDelay(5000));
        assertThat(failure(() -> provider().cancel(task("2221"), IMPATIENT)).getCategory())
                .isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
    }
}
