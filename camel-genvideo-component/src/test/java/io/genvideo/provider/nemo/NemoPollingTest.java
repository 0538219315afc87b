/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.Media;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.PollOutcome.ActionDue;
import io.genvideo.spi.PollOutcome.Pending;
import io.genvideo.spi.PollOutcome.Trouble;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmittedTask;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/contracts/nemo.md sections 6, 8 and 10: what became of a message, and its export. */
class NemoPollingTest extends NemoTestSupport {
    private static final String VIDEO = "https://static1.nemovideo.ai/render-result/r.mp4";
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** Numbers as no reader and writer would keep them, and text that JSON need not escape. */
    private static final String ODD_DRAFT = "{\"t\" : [ {\"tt\":0,\"sg\":[{\"id\":5529798706024415232123456789,"
            + "\"v\":1.0e3,\"w\":0.10,\"n\":\"19\\u002f7 \u00e9\"}]} ],\"d\":5000.0 }";

    private MessageProgress progressOf(PollOutcome outcome) {
        String state =
                outcome instanceof Pending pending ? pending.providerState() : ((ActionDue) outcome).providerState();
        return MessageProgress.read(state).orElseThrow();
    }

    /** A message whose video is about to be exported. */
    private MessageProgress due() {
        return MessageProgress.beforeSending(SESSION, 1, "before").exporting();
    }

    /** A message whose video is being exported. */
    private MessageProgress exporting() {
        return due().started();
    }

    private PollOutcome perform(MessageProgress progress) {
        return await(provider().perform(task(progress), PollResponseMapper.EXPORT, CallOptions.DEFAULT));
    }

    // ---- the state ----

    @Test
    void unchangedStateNeverEndsATask() {
        MessageProgress sent = sentAfter(CLIP_STATE);
        for (int i = 0; i < 100; i++) {
            clock.forward(Duration.ofMinutes(1));

            assertThat(poll(provider(), sent)).isEqualTo(new Pending(TaskStatus.RUNNING, null, null));
        }
    }

    /** About a third of all edits say nothing, and a clip gets its music and title after it is there. */
    @Test
    void stateThatHasChangedIsExportedWhenItHasSettled() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        stubState(CLIP_STATE);
        MessageProgress seen = progressOf(poll(provider(), sent));
        assertThat(seen.export()).isZero();
        clock.forward(SETTLED.minusSeconds(1));
        assertThat(poll(provider(), seen)).isEqualTo(new Pending(TaskStatus.RUNNING, null, seen.write()));

        stubState(CLIP_STATE.replace("\"sg\":[]", "\"sg\":[{\"id\":\"music\"}]"));
        clock.forward(Duration.ofSeconds(1));
        MessageProgress seenAgain = progressOf(poll(provider(), seen));
        assertThat(seenAgain.seen()).isNotEqualTo(seen.seen());
        clock.forward(SETTLED);

        ActionDue due = (ActionDue) poll(provider(), seenAgain);
        assertThat(due.action()).isEqualTo("export");
        assertThat(progressOf(due).renderId()).isEqualTo(RENDER);
        SERVICE.verify(0, postRequestedFor(urlPathMatching(".*")).withUrl(RENDERS));
    }

    @Test
    void orderOfFieldsAndUploadedFilesAreNoChange() {
        MessageProgress sent = sentAfter("{\"draft\":{\"a\":1,\"t\":[]},\"generated_media\":null}");

        stubState("{\"video_infos\":[{\"name\":\"a.png\"}],\"draft\":{\"t\":[],\"a\":1}}");

        assertThat(poll(provider(), sent)).isEqualTo(new Pending(TaskStatus.RUNNING, null, null));
    }

    @Test
    void stateWithoutASegmentIsNotExported() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        stubState("{\"draft\":{\"t\":[{\"tt\":0,\"sg\":[]}]},\"generated_media\":{\"clip\":1}}");
        MessageProgress seen = progressOf(poll(provider(), sent));
        clock.forward(SETTLED.multipliedBy(100));

        assertThat(poll(provider(), seen)).isInstanceOf(Pending.class);
    }

    @Test
    void clockThatWasSetBackDelaysTheExportOnly() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        stubState(CLIP_STATE);
        clock.forward(Duration.ofDays(1));
        MessageProgress seen = progressOf(poll(provider(), sent));
        clock.forward(Duration.ofDays(-1));

        MessageProgress again = progressOf(poll(provider(), seen));
        clock.forward(SETTLED);

        assertThat(poll(provider(), again)).isInstanceOf(ActionDue.class);
    }

    @Test
    void wordsOfTheServiceAreTheReasonAndNotTheEnd() {
        MessageProgress asked = sentAfter(CLIP_STATE).ended("Which style do you mean?", null);
        clock.forward(Duration.ofHours(1));

        assertThat(poll(provider(), asked)).isInstanceOfSatisfying(Trouble.class, trouble -> {
            assertThat(trouble.kind()).isEqualTo(Trouble.Kind.UNUSABLE_RESULT);
            assertThat(trouble.error().message()).contains("Which style do you mean?");
            assertThat(trouble.error().paid()).isEqualTo(Paid.UNKNOWN);
        });
    }

    @ParameterizedTest
    @CsvSource({"2001,INSUFFICIENT_CREDITS", "4001,INVALID_REQUEST", "error,GENERATION_FAILED", "7001,GENERATION_FAILED"
    })
    void errorAtTheEndOfTheStreamEndsTheTaskIfNothingHasChanged(String code, ErrorCategory category) {
        MessageProgress failed = sentAfter(CLIP_STATE).ended("the model is away", code);

        MessageProgress seen = progressOf(poll(provider(), failed));
        clock.forward(SETTLED);

        assertThat(poll(provider(), seen)).isInstanceOfSatisfying(PollOutcome.Failed.class, end -> {
            assertThat(end.error().category()).isEqualTo(category);
            assertThat(end.error().message()).contains("the model is away");
            assertThat(end.error().paid()).isEqualTo(Paid.UNKNOWN);
            assertThat(end.error().retryable()).isFalse();
        });
    }

    @Test
    void errorAtTheEndOfTheStreamDoesNotHideAResult() {
        MessageProgress failed = sentAfter(EMPTY_STATE).ended("the model is away", "error");
        stubState(CLIP_STATE);
        MessageProgress seen = progressOf(poll(provider(), failed));
        clock.forward(SETTLED);

        assertThat(poll(provider(), seen)).isInstanceOf(ActionDue.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1001", "429"})
    void errorOfTheConnectionIsNoEnd(String code) {
        MessageProgress failed = sentAfter(CLIP_STATE).ended("token expired", code);
        clock.forward(SETTLED.multipliedBy(10));

        assertThat(poll(provider(), failed)).isInstanceOf(Trouble.class);
    }

    @Test
    void sessionThatIsGoneIsAnUnknownTask() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        stubStateAnswer(error(404, 1002, "session not found"));

        assertThat(poll(provider(), sent))
                .isInstanceOfSatisfying(
                        Trouble.class, trouble -> assertThat(trouble.kind()).isEqualTo(Trouble.Kind.UNKNOWN_TASK));
    }

    // ---- the export ----

    @Test
    void draftIsExportedByteForByte() {
        stubState("{\"draft\":" + ODD_DRAFT + ",\"canvas_config\":{\"draft\":1}}");
        stubRender(okJson(shapeB("pending", ",\"progress\":5")));

        assertThat(perform(due()))
                .isEqualTo(new Pending(TaskStatus.QUEUED, 0.05, exporting().write()));

        assertThat(SERVICE.findAll(postRequestedFor(urlPathEqualTo(RENDERS)))
                        .get(0)
                        .getBodyAsString())
                .isEqualTo("{\"id\":\"" + RENDER + "\",\"sessionId\":\"" + SESSION + "\",\"draft\":" + ODD_DRAFT
                        + ",\"output\":{\"format\":\"mp4\",\"quality\":\"high\"}}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renderIsReadInBothShapes(boolean inData) {
        stubRenderStatus(
                okJson(inData ? shapeB("processing", ",\"progress\":60") : shapeA("processing", ",\"progress\":60")));
        assertThat(poll(provider(), exporting())).isEqualTo(new Pending(TaskStatus.RUNNING, 0.6, null));

        stubRenderStatus(okJson(
                inData
                        ? shapeB("completed", ",\"progress\":100,\"outputUrl\":\"" + VIDEO + "\"")
                        : shapeA(
                                "completed",
                                ",\"progress\":100,\"output\":{\"url\":\"" + VIDEO
                                        + "\",\"duration\":30.5,\"size\":15728640}")));
        assertThat(poll(provider(), exporting())).isInstanceOfSatisfying(PollOutcome.Succeeded.class, done -> {
            assertThat(done.media()).extracting(Media::url).containsExactly(URI.create(VIDEO));
            assertThat(done.media().get(0).duration()).isEqualTo(inData ? null : 30.5);
            assertThat(done.media().get(0).size()).isEqualTo(inData ? null : 15728640L);
            assertThat(done.raw()).containsEntry("sessionId", SESSION);
        });
    }

    @Test
    void completedRenderWithoutAnAddressIsPolledAgain() {
        stubRenderStatus(okJson(shapeB("completed", "")));

        assertThat(poll(provider(), exporting())).isEqualTo(new Pending(TaskStatus.RUNNING, 1.0, null));
    }

    /** The process died, or the response was lost, between the journal and the service. */
    @Test
    void exportThatMayHaveBeenRequestedIsRequestedAgainUnderItsId() {
        ActionDue again = (ActionDue) poll(provider(), due());
        assertThat(progressOf(again).renderId()).isEqualTo(RENDER);
        assertThat(poll(provider(), progressOf(again))).isEqualTo(again);

        stubState(CLIP_STATE);
        stubRender(json(409, "{\"success\":false,\"error\":\"duplicate id\"}"));
        assertThat(perform(progressOf(again)))
                .isEqualTo(new Pending(TaskStatus.QUEUED, null, exporting().write()));
    }

    @Test
    void exportThatTheServiceHasForgottenIsMadeAgain() {
        stubRenderStatus(json(404, "{\"success\":false,\"error\":\"render not found\"}"));

        assertThat(progressOf(poll(provider(), exporting())).renderId()).isEqualTo(RENDER + "_2");
    }

    @Test
    void idThatIsInUseIsReplaced() {
        stubState(CLIP_STATE);
        stubRender(json(400, "{\"success\":false,\"error\":\"id already exists\"}"));

        ActionDue due = (ActionDue) perform(due());

        assertThat(progressOf(due).renderId()).isEqualTo(RENDER + "_2");
        assertThat(progressOf(due).failures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failedExportIsRepeatedOnce(boolean inData) {
        String reason = ",\"error\":\"font not found\"";
        stubRenderStatus(okJson(inData ? shapeB("failed", reason) : shapeA("failed", reason)));

        ActionDue due = (ActionDue) poll(provider(), exporting());
        assertThat(progressOf(due).renderId()).isEqualTo(RENDER + "_2");

        assertThat(poll(provider(), progressOf(due).started()))
                .isInstanceOfSatisfying(PollOutcome.Failed.class, end -> {
                    assertThat(end.error().category()).isEqualTo(ErrorCategory.GENERATION_FAILED);
                    assertThat(end.error().message()).contains("font not found").contains("sessionId=" + SESSION);
                    assertThat(end.error().paid()).isEqualTo(Paid.YES);
                });
    }

    @Test
    void exportThatThePlanForbidsIsToldFromMissingCredits() {
        stubState(CLIP_STATE);
        stubRender(error(402, 402, "upgrade your plan"));
        assertThat(perform(due())).isInstanceOfSatisfying(PollOutcome.Failed.class, end -> {
            assertThat(end.error().category()).isEqualTo(ErrorCategory.SUBSCRIPTION_REQUIRED);
            assertThat(end.error().message()).contains("scope render").contains("genvideo:nemo/export");
            assertThat(end.error().paid()).isEqualTo(Paid.YES);
        });

        stubRender(error(200, 2001, "no credits"));
        assertThat(perform(due()))
                .isInstanceOfSatisfying(
                        PollOutcome.Failed.class,
                        end -> assertThat(end.error().category()).isEqualTo(ErrorCategory.INSUFFICIENT_CREDITS));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 404})
    void exportThatIsNotAnsweredByTheServiceIsTrouble(int status) {
        stubState(CLIP_STATE);
        stubRender(aResponse().withStatus(status));

        assertThat(perform(due())).isInstanceOf(Trouble.class);
    }

    // ---- without a journal ----

    @Test
    void idAloneIsEnoughToFindTheExport() {
        stubRenderStatus(okJson(shapeB("completed", ",\"outputUrl\":\"" + VIDEO + "\"")));

        assertThat(await(provider().poll(task((String) null), CallOptions.DEFAULT)))
                .isInstanceOf(PollOutcome.Succeeded.class);
        SERVICE.verify(1, getRequestedFor(urlPathEqualTo(RENDERS + "/" + RENDER)));
    }

    @Test
    void adoptedTaskIsExportedLikeAnyOther() {
        stubRenderStatus(json(404, "{\"success\":false,\"error\":\"render not found\"}"));
        stubState(CLIP_STATE);

        MessageProgress seen = progressOf(await(provider().poll(task((String) null), CallOptions.DEFAULT)));
        clock.forward(SETTLED);

        assertThat(poll(provider(), seen)).isInstanceOf(ActionDue.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2221", "-1", "a/b-1", "5529-x"})
    void idOfAnotherServiceIsUnknownWithoutACall(String id) {
        SubmittedTask task = new SubmittedTask(null, id, Operation.TEXT_TO_VIDEO, null, null);

        assertThat(await(provider().poll(task, CallOptions.DEFAULT)))
                .isInstanceOfSatisfying(
                        Trouble.class, trouble -> assertThat(trouble.kind()).isEqualTo(Trouble.Kind.UNKNOWN_TASK));
        SERVICE.verify(0, getRequestedFor(urlPathMatching(".*")));
    }

    // ---- a lost message ----

    private RecoveryOutcome recover(String providerState) {
        return recover(providerState, clock.instant());
    }

    private RecoveryOutcome recover(String providerState, Instant submittingAt) {
        return await(provider()
                .recover(
                        new LostSubmission("rec-1", Operation.TEXT_TO_VIDEO, null, providerState, submittingAt),
                        CallOptions.DEFAULT));
    }

    @Test
    void lostMessageIsUncertainIfNothingHasChangedFor10Minutes() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        Instant submittingAt = clock.instant();
        clock.forward(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(recover(sent.write(), submittingAt)).isInstanceOf(RecoveryOutcome.Later.class);
        clock.forward(Duration.ofSeconds(1));

        assertThat(recover(sent.write(), submittingAt)).isInstanceOf(RecoveryOutcome.Unclear.class);
    }

    @Test
    void lostMessageIsFoundByAStateThatHasChanged() {
        MessageProgress sent = sentAfter(EMPTY_STATE);
        assertThat(recover(sent.write())).isInstanceOf(RecoveryOutcome.Later.class);

        stubState(CLIP_STATE);

        assertThat(recover(sent.write())).isInstanceOfSatisfying(RecoveryOutcome.Found.class, found -> {
            assertThat(found.taskId()).isEqualTo(TASK);
            assertThat(found.providerState()).isEqualTo(sent.write());
        });
        SERVICE.verify(0, postRequestedFor(urlPathEqualTo("/run_sse")));
    }

    @Test
    void lostMessageOfWhichNothingIsKnownIsUnclear() {
        assertThat(recover(null)).isInstanceOf(RecoveryOutcome.Unclear.class);
        assertThat(recover(MessageProgress.beforeSending(SESSION, 1, null).write()))
                .isInstanceOf(RecoveryOutcome.Unclear.class);

        MessageProgress sent = sentAfter(EMPTY_STATE);
        stubStateAnswer(aResponse().withStatus(503));
        assertThat(recover(sent.write())).isInstanceOf(RecoveryOutcome.Later.class);
        stubStateAnswer(error(200, 1002, "session not found"));
        assertThat(recover(sent.write())).isInstanceOf(RecoveryOutcome.Unclear.class);
    }

    // ---- cancel ----

    @Test
    void onlyTheExportCanBeCancelled() {
        SERVICE.stubFor(
                com.github.tomakehurst.wiremock.client.WireMock.post(urlPathEqualTo(RENDERS + "/" + RENDER + "/cancel"))
                        .willReturn(okJson("{\"success\":true,\"data\":{\"status\":\"cancelled\"}}")));
        GenerationProvider provider = provider();

        assertThat(await(provider.cancel(task(exporting()), CallOptions.DEFAULT)))
                .isInstanceOf(CancelOutcome.Requested.class);
        assertThat(await(provider.cancel(
                        task(MessageProgress.beforeSending(SESSION, 1, "before")), CallOptions.DEFAULT)))
                .isInstanceOfSatisfying(
                        CancelOutcome.Refused.class,
                        refused -> assertThat(refused.error().message()).contains("only the export"));

        stubRenderStatus(okJson(shapeB("cancelled", "")));
        assertThat(poll(provider, exporting())).isInstanceOf(PollOutcome.Cancelled.class);
        assertThat(List.of(exporting().renderId())).containsExactly(RENDER);
    }
}
