/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.Options;

/** Takes every request: finds its route, decides its fault, lets the service work, sends or breaks the answer. */
final class RequestDispatcher implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

    private final List<SandboxService> services;
    private final List<Route> routes;
    private final Ledger ledger;
    private final Faults faults;
    private final RequestRules rules;
    private final ResponseSender sender = new ResponseSender();
    private final AtomicInteger openStreams = new AtomicInteger();
    private final AtomicInteger ownStreams = new AtomicInteger();

    RequestDispatcher(List<SandboxService> services, List<Route> others, Ledger ledger, Faults faults) {
        this.services = services;
        this.routes = Stream.concat(services.stream().flatMap(s -> s.routes().stream()), others.stream())
                .toList();
        this.ledger = ledger;
        this.faults = faults;
        this.rules = new RequestRules(ledger);
    }

    int openStreams() {
        return openStreams.get();
    }

    /** Forgets what it knows of earlier requests. */
    void reset() {
        rules.clear();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this);
            return;
        }
        exchange.startBlocking();
        Request request = new Request(exchange);
        String path = request.path();
        Optional<Route> found = route(request.method(), path);
        String service = found.map(r -> r.service().apply(path)).orElseGet(() -> serviceOf(path));
        String name = found.map(Route::name).orElse("unknown");
        if (service.equals(Sandbox.OWN)) {
            Answer own = isFromOtherSite(request)
                    ? Answer.json(403, Map.of("error", "a page of another site may not change the sandbox"))
                    : process(found, service, request);
            EventSource events = own.events();
            if (events == null) {
                send(exchange, own, Long.MAX_VALUE);
            } else {
                stream(exchange, own, events, null, ownStreams);
            }
            return;
        }
        ledger.request(service, name);
        Optional<String> refusal = rules.check(request, service, name);
        if (refusal.isPresent()) {
            ledger.violation(service, name, refusal.get());
            send(exchange, error(request, service, 400, refusal.get()), Long.MAX_VALUE);
            return;
        }
        boolean streams = found.map(Route::streams).orElse(false);
        Optional<Fault> fault = faults.decide(service, name, streams);
        if (fault.isEmpty()) {
            send(exchange, process(found, service, request), Long.MAX_VALUE);
        } else {
            misbehave(exchange, fault.get(), found, service, request);
        }
    }

    /** A browser sends the origin of a page with each request that is no GET; other clients send none. */
    private static boolean isFromOtherSite(Request request) {
        String origin = request.header("Origin");
        return origin != null && !request.method().equals("GET") && !origin.equalsIgnoreCase(request.origin());
    }

    /** One path can be two routes by its method. */
    private Optional<Route> route(String method, String path) {
        return routes.stream()
                .filter(r -> r.takes(path) && r.takesMethod(method))
                .findFirst()
                .or(() -> routes.stream().filter(r -> r.takes(path)).findFirst());
    }

    private Answer process(Optional<Route> found, String service, Request request) {
        try {
            if (found.isEmpty()) {
                String what = "no such route: " + request.method() + " " + request.path();
                return refuse(request, service, "unknown", 404, what);
            }
            if (!found.get().takesMethod(request.method())) {
                String what = request.method() + " is not allowed here";
                return refuse(request, service, found.get().name(), 405, what);
            }
            return found.get().handler().handle(request);
        } catch (IOException e) {
            // mostly a client that left in the middle of its body
            LOG.debug("a request to {} could not be served", service, e);
            return error(request, service, 500, "sandbox: " + e);
        } catch (RuntimeException e) {
            String route = found.map(Route::name).orElse("unknown");
            LOG.warn("a request to {}/{} could not be served", service, route, e);
            return error(request, service, 500, "sandbox: " + e);
        }
    }

    private Answer refuse(Request request, String service, String route, int status, String what) {
        if (!service.equals(Sandbox.OWN)) {
            ledger.violation(service, route, what);
        }
        return error(request, service, status, what);
    }

    private Answer error(Request request, String service, int status, String message) {
        return service(service)
                .map(s -> s.error(request, Integer.toString(status), message, status))
                .orElseGet(() -> Answer.page(status));
    }

    private void misbehave(
            HttpServerExchange exchange, Fault fault, Optional<Route> found, String service, Request request)
            throws IOException {
        String route = found.map(Route::name).orElse("unknown");
        Answer answer = fault.processed() ? process(found, service, request) : Answer.page(503);
        EventSource events = answer.events();
        if (fault instanceof Fault.Stream && events == null) {
            // The create was refused: there is no stream to spoil.
            send(exchange, answer, Long.MAX_VALUE);
            return;
        }
        ledger.injected(service, route, fault, route.equals(Pages.MEDIA_ROUTE) ? request.path() : answer.subject());
        if (fault.losesAnswer()) {
            ledger.answerLost(answer.subject());
        }
        if (fault instanceof Fault.RateLimit limit) {
            rules.slowDown(request, service, route, limit.retryAfter());
        }
        if (events != null && EventStream.spoils(fault)) {
            stream(exchange, answer, events, fault, openStreams);
        } else if (fault instanceof Fault.LoseAnswer) {
            IoUtils.safeClose(exchange.getConnection());
        } else if (fault instanceof Fault.ResetBefore || fault instanceof Fault.Down) {
            reset(exchange);
        } else if (fault instanceof Fault.Truncate) {
            send(exchange, answer, answer.length() / 2);
        } else if (fault instanceof Fault.Stall stall) {
            ResponseSender.later(exchange, stall.delay(), e -> send(e, answer, Long.MAX_VALUE));
        } else if (fault instanceof Fault.SlowBody && answer.upgrade() != null) {
            // a connection that changes its protocol has no body
            send(exchange, answer, Long.MAX_VALUE);
        } else if (fault instanceof Fault.SlowBody slow) {
            ResponseSender.sendSlowly(exchange, answer, slow.over());
        } else {
            send(exchange, faulty(fault, service, request), Long.MAX_VALUE);
        }
    }

    private Answer faulty(Fault fault, String service, Request request) {
        Optional<SandboxService> owner = service(service);
        if (fault instanceof Fault.Status status) {
            return Answer.page(status.status());
        } else if (fault instanceof Fault.Envelope e) {
            return owner.map(s -> s.error(request, e.code(), e.message(), e.httpStatus()))
                    .orElseGet(() -> Answer.page(e.httpStatus() == 0 ? 500 : e.httpStatus()));
        } else if (fault instanceof Fault.RateLimit limit) {
            Answer body = limit.envelope()
                    ? owner.map(s -> s.error(request, "429", "Too many requests", 429))
                            .orElseGet(() -> Answer.page(429))
                    : Answer.page(429);
            return body.with("Retry-After", Long.toString(limit.retryAfter().toSeconds()));
        } else if (fault instanceof Fault.Redirect redirect) {
            String same = request.fullUrl();
            return Answer.page(redirect.status())
                    .with("Location", redirect.location().isEmpty() ? same : redirect.location());
        } else if (fault instanceof Fault.Unauthorized) {
            return owner.map(SandboxService::unauthorized).orElseGet(() -> Answer.page(401));
        } else if (fault instanceof Fault.EmptyData) {
            return owner.map(s -> s.emptyData(request)).orElseGet(() -> Answer.json(200, Map.of()));
        }
        return Answer.text(200, "application/json", "<<<not what you asked for>>>");
    }

    private Optional<SandboxService> service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** Routes of a service start with its name, so a request that misses them all still belongs to it. */
    private String serviceOf(String path) {
        return services.stream()
                .map(SandboxService::name)
                .filter(n -> path.equals("/" + n) || path.startsWith("/" + n + "/") || path.startsWith("/" + n + "-"))
                .findFirst()
                .orElse(Sandbox.OWN);
    }

    /** Sends an answer, or its first {@code limit} bytes and then the end of the connection. */
    private void send(HttpServerExchange exchange, Answer answer, long limit) throws IOException {
        if (exchange.isResponseStarted()) {
            // the server has refused a body that was too large for it
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        HttpHandler upgrade = answer.upgrade();
        if (upgrade != null) {
            upgrade(exchange, upgrade);
            return;
        }
        EventSource events = answer.events();
        if (events != null) {
            stream(exchange, answer, events, null, openStreams);
            return;
        }
        sender.send(exchange, answer, limit);
    }

    private static void upgrade(HttpServerExchange exchange, HttpHandler handler) throws IOException {
        try {
            handler.handleRequest(exchange);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The thread goes back to the pool; what follows is done by that of the connection. */
    private static void stream(
            HttpServerExchange exchange, Answer answer, EventSource events, @Nullable Fault fault, AtomicInteger open) {
        exchange.setStatusCode(answer.status());
        answer.headers().forEach((k, v) -> exchange.getResponseHeaders().put(new HttpString(k), v));
        EventStream stream = new EventStream(exchange, fault, open);
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> stream.start(events));
    }

    static void reset(HttpServerExchange exchange) {
        try {
            exchange.getConnection().setOption(Options.CLOSE_ABORT, true);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("closing without a reset", e);
        }
        IoUtils.safeClose(exchange.getConnection());
    }
}
