/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Directives;
import io.genvideo.sandbox.InputUrls;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.RenderRequest.Picture;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code Run}: starts a paid task (docs/contracts/wiro.md section 4). */
final class RunEndpoint {
    static final String ROUTE = "create";

    private static final int INVALID = 0;
    private static final int CONCURRENCY = 96;
    private static final int BALANCE = 97;
    private static final int SIGN_IN = 98;
    /** A dollar has a thousand points; from USD 0.50 on a task can be started, up to USD 250 their number is limited. */
    private static final long LEAST_BALANCE = 500;

    private static final long UNLIMITED_ABOVE = 250_000;
    private static final long POINTS_PER_TASK = 10_000;

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final InputUrls inputUrls;
    private final Models models;
    private final WiroTasks tasks;
    private final Callbacks callbacks;

    RunEndpoint(
            SandboxConfig config,
            Ledger ledger,
            MediaStore media,
            Models models,
            WiroTasks tasks,
            Callbacks callbacks) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        this.inputUrls = new InputUrls(config, media);
        this.models = models;
        this.tasks = tasks;
        this.callbacks = callbacks;
    }

    /** @param slugs what follows {@code /Run/} in the path, decoded */
    Answer run(Request request, String slugs) throws IOException {
        int slash = slugs.indexOf('/');
        Optional<Model> model =
                slash < 0 ? Optional.empty() : models.find(slugs.substring(0, slash), slugs.substring(slash + 1));
        if (model.isEmpty()) {
            return Responses.error(1, Responses.UNKNOWN_MODEL);
        }
        Body body = new Body(media);
        ObjectNode parameters = body.read(request);
        if (parameters == null) {
            ledger.violation(WiroService.NAME, ROUTE, body.problem());
            return Responses.invalid();
        }
        if (body.isUrlEncoded()) {
            ledger.note(WiroService.NAME, ROUTE, "application/x-www-form-urlencoded, which is not documented");
        }
        RunCheck check = new RunCheck(model.get(), inputUrls, request::ownPath);
        for (Body.Upload file : body.uploads()) {
            if (file.size() == 0) {
                ledger.violation(WiroService.NAME, ROUTE, "the file in " + file.field() + " is empty");
                return Responses.invalid();
            }
        }
        Optional<Run> run = check.check(parameters);
        check.notes().forEach(n -> ledger.note(WiroService.NAME, ROUTE, n));
        check.problems()
                .forEach(p ->
                        ledger.violation(WiroService.NAME, ROUTE, model.get().name() + ": " + p.detail()));
        return run.isEmpty() ? Responses.error(INVALID, check.problems().get(0).answer()) : accept(request, run.get());
    }

    private Answer accept(Request request, Run run) {
        Directives directives = Directives.parse(run.prompt());
        String account = Credentials.account(request);
        Optional<Answer> refusal = refusal(directives, run, account);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        List<Picture> pictures = run.inputs().stream()
                .map(url -> media.picture(url, request.ownPath(url)))
                .toList();
        String sources = pictures.isEmpty()
                ? ""
                : Ledger.hash(pictures.stream().map(Picture::hash).collect(Collectors.joining("/")));
        TaskIdentity identity = tasks.newIdentity(account);
        boolean paid = ledger.charge(
                WiroService.NAME,
                account,
                identity.id(),
                run.model().name(),
                run.points(),
                Ledger.hash(run.prompt()),
                sources);
        if (!paid) {
            return insufficient();
        }
        String origin = request.origin();
        WiroTask task = tasks.start(identity, run, directives, pictures, (ended, how) -> {
            if (tasks.byId(identity.id()).isEmpty()) {
                // a reset has forgotten it
                return;
            }
            if (how != TaskEnd.SUCCEEDED) {
                // only successful tasks are billed
                ledger.refund(account, run.points());
            }
            callbacks.ended(ended, origin);
        });
        callbacks.created(task, origin);
        ObjectNode answer = Responses.success();
        answer.put("taskid", identity.id()).put("socketaccesstoken", identity.token());
        return Responses.ok(answer).about(identity.id());
    }

    private Optional<Answer> refusal(Directives directives, Run run, String account) {
        if (directives.has("code")) {
            String code = directives.argument("code");
            return Optional.of(
                    Responses.error(code.matches("\\d{1,9}") ? Integer.parseInt(code) : INVALID, "Service error"));
        }
        if (directives.outcome() == Directives.Outcome.REJECT) {
            String own = directives.message();
            return Optional.of(Responses.error(INVALID, own.isEmpty() ? "The content was rejected." : own));
        }
        if (directives.outcome() == Directives.Outcome.SUBSCRIPTION
                || config.gatedModels().contains(run.model().name())) {
            return Optional.of(Responses.error(SIGN_IN, "sign in to run this model"));
        }
        long balance = ledger.balance(account);
        if (directives.outcome() == Directives.Outcome.INSUFFICIENT || balance < LEAST_BALANCE) {
            return Optional.of(insufficient());
        }
        long limit = Math.max(1, balance / POINTS_PER_TASK);
        boolean full = balance <= UNLIMITED_ABOVE && tasks.open(account) >= limit;
        return full || directives.has("busy")
                ? Optional.of(Responses.error(CONCURRENCY, concurrency(balance, limit)))
                : Optional.empty();
    }

    private static Answer insufficient() {
        return Responses.error(BALANCE, "Insufficient balance");
    }

    private static String concurrency(long balance, long limit) {
        return String.format(
                Locale.ROOT,
                "You have reached your concurrent task limit. With your current balance of $%.2f, you can run up to %d"
                        + " tasks at the same time. Add funds to increase your limit.",
                balance / 1000.0,
                limit);
    }
}
