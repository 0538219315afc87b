/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationError;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.PollOutcome;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/wiro.md section 5. */
class WiroPollingTest extends WiroTestSupport {
    private static final String OUTPUTS =
            ",\"outputs\":[{\"name\":\"0.mp4\",\"contenttype\":\"video/mp4\",\"size\":\"202472\","
                    + "\"accesskey\":\"dFKl_secret\",\"url\":\"https://cdn1.wiro.ai/a-b/0.mp4\"}]";

    @ParameterizedTest
    @CsvSource({
        "task_queue, QUEUED",
        "task_accept, RUNNING",
        "task_preprocess_start, RUNNING",
        "task_preprocess_end, RUNNING",
        "task_assign, RUNNING",
        "task_start, RUNNING",
        "task_output, RUNNING",
        "task_output_full, RUNNING",
        "task_error_full, RUNNING",
        "task_stream_ready, RUNNING",
        "task_stream_end, RUNNING",
        "task_cost, RUNNING",
        "TASK_START, RUNNING",
        "task_of_next_year, RUNNING",
        "'', RUNNING"
    })
    void aTaskInAnyOtherStatusGoesOn(String status, TaskStatus expected) {
        PollOutcome.Pending pending = (PollOutcome.Pending) poll(status, "");

        assertThat(pending.status()).isEqualTo(expected);
        assertThat(pending.progress()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"task_end", "task_postprocess_start"})
    void aTaskWhoseFilesAreOnTheirWayIsDone(String status) {
        assertThat(((PollOutcome.Pending) poll(status, "")).progress()).isEqualTo(1.0);
    }

    @Test
    void anExitOfZeroIsSuccess() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded)
                poll("task_postprocess_end", ",\"pexit\":\"0\",\"totalcost\":\"0.003510000000\"" + OUTPUTS);

        assertThat(done.media()).singleElement().satisfies(m -> {
            assertThat(m.url()).isEqualTo(URI.create("https://cdn1.wiro.ai/a-b/0.mp4"));
            assertThat(m.kind()).isEqualTo(MediaKind.VIDEO);
            assertThat(m.size()).isEqualTo(202472);
        });
        assertThat(done.credits()).isEqualByComparingTo("0.00351");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "\"0.0\"", "\"00\"", "\" 0 \""})
    void readsAnExitOfZeroHoweverItIsWritten(String exit) {
        assertThat(poll("task_postprocess_end", ",\"pexit\":" + exit + OUTPUTS))
                .isInstanceOf(PollOutcome.Succeeded.class);
    }

    @Test
    void keepsNoCallbackAddress() {
        PollOutcome.Failed failed = (PollOutcome.Failed) poll(
                "task_postprocess_end",
                ",\"pexit\":\"1\",\"callbackurl\":\"https://hooks.example.com/hook/c2VjcmV0LXBhdGg\","
                        + "\"debugerror\":\"POST to https://hooks.example.com/hook/c2VjcmV0LXBhdGg failed\"");

        assertThat(failed.error().message()).contains("failed").doesNotContain("c2VjcmV0LXBhdGg");
        assertThat(String.valueOf(failed.raw())).doesNotContain("c2VjcmV0LXBhdGg");
    }

    @Test
    void keepsNoAccessKeyOfASingularOutput() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) poll(
                "task_postprocess_end",
                ",\"pexit\":\"0\",\"output\":{\"url\":\"https://cdn1.wiro.ai/0.mp4\",\"accesskey\":\"dFKl_secret\"}");

        assertThat(String.valueOf(done.raw())).doesNotContain("dFKl_secret");
    }

    @Test
    void aTaskOfSomebodyElseDoesNotPauseTheAccount() {
        PollOutcome.Trouble trouble =
                (PollOutcome.Trouble) poll(okJson(error("0", "You don't have any permission for this action.")));

        assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNKNOWN_TASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "1", "\"137\"", "\"-1\"", "\"\u0661\""})
    void anyOtherExitIsAFailureThatIsNotBilled(String exit) {
        PollOutcome.Failed failed = (PollOutcome.Failed) poll(
                "task_postprocess_end",
                ",\"pexit\":" + exit + ",\"totalcost\":\"0\",\"outputs\":[],\"debugerror\":\"CUDA error\"");

        assertThat(failed.error().message()).contains("CUDA error");
        assertThat(failed.error().paid()).isEqualTo(Paid.NO);
    }

    @Test
    void aFailureForWhichSomethingWasBookedIsPaid() {
        PollOutcome.Failed failed =
                (PollOutcome.Failed) poll("task_postprocess_end", ",\"pexit\":\"1\",\"totalcost\":\"0.1\"");

        assertThat(failed.error().paid()).isEqualTo(Paid.YES);
    }

    @Test
    void olderAnswersWithoutExitTellByTheirOutputs() {
        assertThat(poll("task_postprocess_end", OUTPUTS)).isInstanceOf(PollOutcome.Succeeded.class);

        PollOutcome.Failed failed = (PollOutcome.Failed) poll("task_postprocess_end", ",\"outputs\":[]");
        assertThat(failed.error().paid()).isEqualTo(Paid.UNKNOWN);
    }

    @Test
    void aSuccessWithoutOutputsIsPolledOn() {
        assertThat(poll("task_postprocess_end", ",\"pexit\":\"0\",\"outputs\":[]"))
                .isEqualTo(new PollOutcome.Pending(TaskStatus.RUNNING, 1.0, null));
    }

    @Test
    void aSuccessWhoseAddressIsNoneIsReported() {
        PollOutcome.Trouble trouble = (PollOutcome.Trouble)
                poll("task_postprocess_end", ",\"pexit\":\"0\",\"outputs\":[{\"url\":\"/relative/0.mp4\"}]");

        assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNUSABLE_RESULT);
    }

    @Test
    void anOutputMayBeSingular() {
        assertThat(poll(
                        "task_postprocess_end",
                        ",\"pexit\":\"0\",\"output\":[{\"url\":\"https://cdn.wiro.ai/0.png\",\"contenttype\":\"\"}]"))
                .isInstanceOfSatisfying(
                        PollOutcome.Succeeded.class,
                        done -> assertThat(done.media().get(0).kind()).isEqualTo(MediaKind.IMAGE));
    }

    @Test
    void anErrorBeforeTheRunIsAFailure() {
        PollOutcome.Failed failed =
                (PollOutcome.Failed) poll("task_error", ",\"debugerror\":\"Output folder creation failed\"");

        assertThat(failed.error().message()).contains("Output folder creation failed");
    }

    @Test
    void aCancelledTaskIsNotBilled() {
        assertThat(((PollOutcome.Cancelled) poll("task_cancel", "")).error().paid())
                .isEqualTo(Paid.NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt\":\"%s\"}", "\"{\\\"prompt\\\":\\\"%s\\\"}\""})
    void hidesThePromptThatAFailureQuotes(String parameters) {
        PollOutcome.Failed failed = (PollOutcome.Failed) poll(
                "task_postprocess_end",
                ",\"pexit\":\"1\",\"parameters\":" + parameters.formatted(PROMPT) + ",\"debugerror\":\"refused: "
                        + PROMPT + "\"");

        assertThat(failed.error().message()).contains("refused").doesNotContain("harbour");
        assertThat(String.valueOf(failed.raw())).doesNotContain("harbour");
    }

    @Test
    void keepsNothingThatOpensTheTaskOrItsFiles() {
        PollOutcome.Succeeded done = (PollOutcome.Succeeded) poll("task_postprocess_end", ",\"pexit\":\"0\"" + OUTPUTS);

        assertThat(done.raw().toString())
                .contains("0.mp4")
                .doesNotContain("dFKl_secret")
                .doesNotContain("eDcCm5yyUfIvMFspTwww49OUfgXkQt");
    }

    @Test
    void anEmptyListMeansThatTheTaskIsNotKnown() {
        PollOutcome.Trouble trouble =
                (PollOutcome.Trouble) poll(okJson("{\"result\":true,\"errors\":[],\"total\":\"0\",\"tasklist\":[]}"));

        assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNKNOWN_TASK);
    }

    @Test
    void anAnswerAboutAnotherTaskTellsNothing() {
        PollOutcome.Trouble trouble = (PollOutcome.Trouble)
                poll(okJson(detail("2222", "task_postprocess_end", ",\"pexit\":\"0\"" + OUTPUTS)));

        GenerationError error = trouble.error();
        assertThat(trouble.kind()).isEqualTo(PollOutcome.Trouble.Kind.UNAVAILABLE);
        assertThat(error.message()).contains("lacks");
    }
}
