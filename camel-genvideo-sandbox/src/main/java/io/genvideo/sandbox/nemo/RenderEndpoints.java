/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.NemoSettings;
import io.genvideo.sandbox.PollRules;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.TaskDurations;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Results;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Exports: creates them, shows their state, cancels them and sends their videos (docs/contracts/nemo.md section 8). */
final class RenderEndpoints {
    static final String ROUTE = "render";
    static final String DETAIL_ROUTE = "detail";
    static final String CANCEL_ROUTE = "render-cancel";
    static final String DOWNLOAD_ROUTE = "render-download";

    private static final int MAX_BODY = 4 << 20;
    /** 30 to 90 s. */
    private static final Duration TAKES = Duration.ofSeconds(60);
    /** The shorter of the two documented intervals. */
    private static final Duration POLL_FLOOR = Duration.ofSeconds(10);

    private final SandboxConfig config;
    private final Ledger ledger;
    private final MediaStore media;
    private final Sessions sessions;
    private final Results results;
    private final TaskDurations durations;
    private final PollRules pollRules;
    private final Map<String, Render> renders = new ConcurrentHashMap<>();
    private final Map<String, String> usedIds = new ConcurrentHashMap<>();
    private final AtomicInteger created = new AtomicInteger();

    RenderEndpoints(SandboxConfig config, Ledger ledger, MediaStore media, Sessions sessions, Results results) {
        this.config = config;
        this.ledger = ledger;
        this.media = media;
        this.sessions = sessions;
        this.results = results;
        this.durations = new TaskDurations(config);
        this.pollRules = new PollRules(ledger, config, POLL_FLOOR);
    }

    void clear() {
        renders.clear();
        usedIds.clear();
        pollRules.clear();
    }

    Answer create(Request request, Tokens.Owner owner) throws IOException {
        RenderCheck check = new RenderCheck();
        byte[] body = request.body(MAX_BODY);
        if (!Access.isJson(request)) {
            check.problems().add("Content-Type must be application/json, not " + request.header("Content-Type"));
        } else if (body == null) {
            check.problems().add("the body is larger than " + MAX_BODY + " bytes");
        } else {
            check.body(body);
        }
        check.notes().forEach(n -> ledger.note(NemoService.NAME, ROUTE, n));
        if (!check.problems().isEmpty()) {
            check.problems().forEach(p -> ledger.violation(NemoService.NAME, ROUTE, p));
            return Responses.renderError(Responses.INVALID, check.problems().get(0));
        }
        Optional<Session> session = sessions.find(check.sessionId(), owner.account());
        if (session.isEmpty()) {
            return sessions.unknown(check.sessionId(), ROUTE);
        }
        Optional<Message> last = session.get().last();
        boolean plan = last.isPresent() && last.get().directives().has("export-plan");
        if (plan || (owner.isAnonymous() && !config.nemo().anonymousExport())) {
            return Responses.renderError(Responses.PLAN, "");
        }
        Optional<Draft> draft = session.get().draft(check.draftText());
        if (draft.isEmpty() || last.isEmpty()) {
            return refuse(RenderCheck.mistake(check.draftText(), session.get().draftTexts()));
        }
        if (!draft.get().exportable()) {
            return refuse("an export of a draft without a segment");
        }
        return start(check.id(), session.get(), last.get(), draft.get());
    }

    private Answer refuse(String what) {
        ledger.violation(NemoService.NAME, ROUTE, what);
        return Responses.renderError(Responses.INVALID, what);
    }

    private Answer start(String id, Session session, Message after, Draft draft) {
        if (!session.isLatest(draft)) {
            ledger.note(NemoService.NAME, ROUTE, "an export of an older draft than the present one");
        }
        List<Render> earlier = session.renders();
        boolean first = usedIds.putIfAbsent(id, session.id()) == null;
        boolean claimsDuplicate = after.directives().has("render-duplicate") && !session.takeDuplicate(after);
        if (!first || claimsDuplicate) {
            if (!first) {
                ledger.note(NemoService.NAME, ROUTE, "an id that was used before");
            }
            return Responses.renderError(409, "Render id already exists: " + id);
        }
        boolean fails = after.directives().has("render-fail")
                && earlier.size() < after.directives().number("render-fail", 1);
        Instant now = config.clock().instant();
        Duration takes = durations.next(after.directives(), TAKES);
        Render render = new Render(id, session, after, draft, fails, inData(after), now, takes);
        renders.put(id, render);
        session.add(render);
        var unused = results.render(NemoService.NAME, List.of(render.mediaId()), draft.result())
                .whenComplete((result, failure) ->
                        render.rendered(result, config.clock().instant()));
        return answer(render.created()).about(id);
    }

    private boolean inData(Message after) {
        boolean even = created.getAndIncrement() % 2 == 0;
        return switch (after.directives().argument("render-shape").toLowerCase(Locale.ROOT)) {
            case "a" -> false;
            case "b" -> true;
            default ->
                config.nemo().renders() == NemoSettings.Renders.B
                        || (config.nemo().renders() == NemoSettings.Renders.BOTH && !even);
        };
    }

    private static Answer answer(Render.Answered answered) {
        return answered.inData() ? Responses.render(answered.fields()) : Answer.json(200, answered.fields());
    }

    private Optional<Render> find(String id, Tokens.Owner owner) {
        return Optional.ofNullable(renders.get(id))
                .filter(r -> r.session().account().equals(owner.account()));
    }

    private Answer unknown(String id, String route) {
        if (renders.containsKey(id)) {
            ledger.violation(NemoService.NAME, route, "a render of another account");
        } else {
            // the client chose the id, and cannot know whether a request without response has arrived
            ledger.note(NemoService.NAME, route, "a render that was never created");
        }
        return Responses.renderError(404, "Render not found");
    }

    Answer detail(Request request, Tokens.Owner owner, String id) {
        Optional<Render> render = find(id, owner);
        if (render.isEmpty()) {
            return unknown(id, DETAIL_ROUTE);
        }
        Instant now = config.clock().instant();
        pollRules.polled(NemoService.NAME, id, now, render.get().isSeenEnded());
        return answer(render.get().poll(now, request.origin())).about(id);
    }

    /** @param path an id and {@code /cancel} */
    Answer cancel(Request request, Tokens.Owner owner, String path) {
        String id = path.endsWith("/cancel") ? path.substring(0, path.length() - "/cancel".length()) : "";
        Optional<Render> render = find(id, owner);
        if (render.isEmpty()) {
            return unknown(id, CANCEL_ROUTE);
        }
        Instant now = config.clock().instant();
        return render.get().cancel(now)
                ? answer(render.get().poll(now, request.origin()))
                : Responses.renderError(409, "The render has ended");
    }

    /** @param path an id and {@code /download} */
    Answer download(Request request, Tokens.Owner owner, String path) throws IOException {
        String id = path.endsWith("/download") ? path.substring(0, path.length() - "/download".length()) : "";
        Optional<Render> render = find(id, owner);
        if (render.isEmpty()) {
            return unknown(id, DOWNLOAD_ROUTE);
        }
        Optional<String> video = render.get().path(config.clock().instant());
        return video.isPresent()
                ? media.serve(request, video.get())
                : Responses.renderError(409, "The render is not completed");
    }
}
