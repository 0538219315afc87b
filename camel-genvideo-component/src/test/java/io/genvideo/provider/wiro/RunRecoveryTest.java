/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationRequest;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.RecoveryOutcome;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a Run whose answer was lost. */
class RunRecoveryTest extends WiroTestSupport {
    private static final String SAME =
            "{'prompt':'" + PROMPT + "','mode':'std','duration':'5','resolution':'1080P','watermark':'false'}";

    private RecoveryOutcome recover(String... rows) {
        return recoverFrom(state(wan().build()), rows);
    }

    private RecoveryOutcome recoverFrom(String state, String... rows) {
        stub(
                "/Task/List",
                okJson("{\"result\":true,\"errors\":[],\"tasklist\":["
                        + Stream.of(rows).map(r -> r.replace('\'', '"')).collect(Collectors.joining(",")) + "]}"));
        LostSubmission lost = new LostSubmission("rec-1", Operation.TEXT_TO_VIDEO, WAN, state, clock.instant());
        GenerationProvider provider = provider();
        clock.forward(Duration.ofMinutes(2));
        try {
            return await(provider.recover(lost, CallOptions.DEFAULT));
        } finally {
            clock.forward(Duration.ofMinutes(-2));
        }
    }

    /** What is journalled before the paid call. */
    private String state(GenerationRequest request) {
        return await(ready(provider(), request).prepare());
    }

    private String row(String id, long secondsLater, String parameters) {
        return row(id, secondsLater, parameters, "Alibaba', 'modelslugproject':'WAN 2.6");
    }

    private String row(String id, long secondsLater, String parameters, String slug) {
        return "{'id':'" + id + "','status':'task_queue','createtime':'"
                + (clock.instant().getEpochSecond() + secondsLater) + "','modelslugowner':'" + slug
                + "','parameters':" + parameters + "}";
    }

    @Test
    void journalsNeitherPromptNorValues() {
        assertThat(state(wan().build()))
                .contains("alibaba/wan 2.6", "prompt", "duration")
                .doesNotContain("harbour")
                .doesNotContain("1080P");
    }

    @Test
    void findsTheOnlyTaskWithTheSameInput() {
        RecoveryOutcome.Found found = (RecoveryOutcome.Found) recover(
                row("1", 3, "{'prompt':'another'}"), row("2", 3, SAME), row("3", -300, SAME), row("4", 600, SAME));

        assertThat(found.taskId()).isEqualTo("2");
        assertThat(found.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(String.valueOf(found.raw())).doesNotContain("harbour");
    }

    @Test
    void readsParametersThatComeAsText() {
        String text = SAME.replace("'", "\\'").replace("\\'", "\\\"");

        assertThat(recover(row("2", 3, "'" + text + "'"))).isInstanceOf(RecoveryOutcome.Found.class);
    }

    @Test
    void severalTasksWithTheSameInputAreNobodys() {
        RecoveryOutcome.Unclear unclear = (RecoveryOutcome.Unclear) recover(row("1", 3, SAME), row("2", 4, SAME));

        assertThat(unclear.error().message()).contains("2 tasks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "another model | {'prompt':'P','mode':'std','duration':'5','resolution':'1080P'} | klingai','modelslugproject':'kling-v3",
                "another value | {'prompt':'P','mode':'pro','duration':'5','resolution':'1080P'} | alibaba','modelslugproject':'wan 2.6",
                "a value less  | {'prompt':'P','mode':'std','duration':'5'}                     | alibaba','modelslugproject':'wan 2.6",
                "no parameters | null                                                         | alibaba','modelslugproject':'wan 2.6"
            })
    void aTaskThatDiffersIsNotIt(String why, String parameters, String slug) {
        assertThat(recover(row("1", 3, parameters.replace("'P'", "'" + PROMPT + "'"), slug)))
                .as(why)
                .isInstanceOf(RecoveryOutcome.Unclear.class);
    }

    @Test
    void aTaskMayBeListedAMomentLater() {
        stub("/Task/List", okJson("{\"result\":true,\"errors\":[],\"tasklist\":[]}"));
        LostSubmission lost =
                new LostSubmission("rec-1", Operation.TEXT_TO_VIDEO, WAN, state(wan().build()), clock.instant());

        assertThat(await(provider().recover(lost, CallOptions.DEFAULT)))
                .isInstanceOfSatisfying(
                        RecoveryOutcome.Later.class,
                        later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(5)));
    }

    /** Until its own task is listed, an equal task of another call is the only one. */
    @Test
    void takesNoTaskBeforeItsOwnMustBeListed() {
        stub(
                "/Task/List",
                okJson(("{'result':true,'errors':[],'tasklist':[" + row("7", 1, SAME) + "]}").replace('\'', '"')));
        LostSubmission lost =
                new LostSubmission("rec-1", Operation.TEXT_TO_VIDEO, WAN, state(wan().build()), clock.instant());
        GenerationProvider provider = provider();

        assertThat(await(provider.recover(lost, CallOptions.DEFAULT))).isInstanceOf(RecoveryOutcome.Later.class);
        clock.forward(Duration.ofSeconds(61));
        assertThat(await(provider.recover(lost, CallOptions.DEFAULT))).isInstanceOf(RecoveryOutcome.Found.class);
    }

    /** A shortened id is another task's. */
    @Test
    void takesNoTaskWhoseIdCannotBeKept() {
        assertThat(recover(row("2".repeat(257), 3, SAME))).isInstanceOf(RecoveryOutcome.Unclear.class);
    }

    /** Behind the end of the list may be another task with the same input. */
    @Test
    void takesNoTaskFromAListThatDoesNotReachBackBeforeTheCall() {
        String[] rows = IntStream.range(0, 100)
                .mapToObj(i -> row("9" + i, 60, "{'prompt':'another'}"))
                .toArray(String[]::new);
        rows[50] = row("2", 3, SAME);

        RecoveryOutcome.Unclear unclear = (RecoveryOutcome.Unclear) recover(rows);
        assertThat(unclear.error().message()).contains("too many tasks");

        rows[99] = row("1", -61, "{'prompt':'another'}");
        assertThat(recover(rows)).isInstanceOf(RecoveryOutcome.Found.class);
    }

    @Test
    void aListThatCannotBeReadIsReadLater() {
        LostSubmission lost =
                new LostSubmission("rec-1", Operation.TEXT_TO_VIDEO, WAN, state(wan().build()), clock.instant());
        stub("/Task/List", okJson(error("0", "oops")));

        assertThat(await(provider().recover(lost, CallOptions.DEFAULT))).isInstanceOf(RecoveryOutcome.Later.class);
    }

    @Test
    void aCallWithFilesCannotBeTold() {
        GenerationRequest request = request(Operation.IMAGE_TO_VIDEO, SEEDANCE)
                .input(bytes("scene.png"))
                .build();

        assertThat(state(request)).isNull();
        assertThat(recoverFrom(null, row("2", 3, SAME))).isInstanceOf(RecoveryOutcome.Unclear.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "not json"})
    void stateThatIsNoneFindsNothing(String state) {
        assertThat(recoverFrom(state, row("2", 3, SAME))).isInstanceOf(RecoveryOutcome.Unclear.class);
    }
}
