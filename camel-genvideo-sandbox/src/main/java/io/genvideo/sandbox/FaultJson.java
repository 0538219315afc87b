/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fault rules as JSON: {@code {"service":"ima","route":"create","kind":"STATUS","status":503,"probability":0.05,
 * "maxCount":3,"startsAfterMs":0,"lastsMs":10000}}. Only {@code kind} is needed.
 */
final class FaultJson {
    private static final Set<String> KNOWN = Set.of(
            "id",
            "service",
            "route",
            "kind",
            "probability",
            "maxCount",
            "startsAfterMs",
            "lastsMs",
            "status",
            "processed",
            "code",
            "message",
            "envelope",
            "delayMs",
            "location",
            "frames",
            "pieces",
            "end");

    private static final List<String> NUMBERS =
            List.of("probability", "maxCount", "startsAfterMs", "lastsMs", "status", "delayMs", "frames", "pieces");

    private static final List<String> ENDS =
            Arrays.stream(Fault.End.values()).map(Enum::name).toList();

    private FaultJson() {}

    /** @throws IllegalArgumentException if it is not a rule or a list of rules */
    static List<FaultRule> rules(JsonNode json) {
        List<FaultRule> rules = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(n -> rules.add(rule(n)));
        } else {
            rules.add(rule(json));
        }
        return rules;
    }

    private static FaultRule rule(JsonNode n) {
        if (!n.isObject()) {
            throw new IllegalArgumentException("a rule is a JSON object with at least \"kind\"");
        }
        for (Iterator<String> names = n.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name + ", known are " + KNOWN);
            }
        }
        checkTypes(n);
        return new FaultRule(
                n.path("service").asText("*"),
                n.path("route").asText("*"),
                fault(n),
                n.path("probability").asDouble(1),
                n.path("maxCount").asInt(0),
                Duration.ofMillis(n.path("startsAfterMs").asLong(0)),
                n.has("lastsMs") ? Duration.ofMillis(n.get("lastsMs").asLong()) : null);
    }

    /** A value of the wrong type would be taken for the default. */
    private static void checkTypes(JsonNode n) {
        for (String name : NUMBERS) {
            JsonNode value = n.path(name);
            if (!value.isMissingNode() && !value.isNumber()) {
                throw new IllegalArgumentException(name + " must be a number, not " + value);
            }
        }
        for (String name : List.of("processed", "envelope")) {
            if (n.has(name) && !n.get(name).isBoolean()) {
                throw new IllegalArgumentException(name + " must be true or false, not " + n.get(name));
            }
        }
        JsonNode end = n.path("end");
        if (!end.isMissingNode() && !ENDS.contains(end.asText())) {
            throw new IllegalArgumentException("end must be one of " + ENDS + ", not " + end);
        }
    }

    private static Fault fault(JsonNode n) {
        Duration delay = Duration.ofMillis(n.path("delayMs").asLong(10_000));
        return switch (n.path("kind").asText()) {
            case "LOSE_ANSWER" -> Fault.loseAnswer();
            case "RESET_BEFORE" -> Fault.resetBefore();
            case "STATUS" ->
                new Fault.Status(
                        n.path("status").asInt(503), n.path("processed").asBoolean(false));
            case "ENVELOPE" ->
                new Fault.Envelope(
                        n.path("code").asText("500"),
                        n.path("message").asText(""),
                        n.path("status").asInt(0));
            case "RATE_LIMIT" ->
                new Fault.RateLimit(
                        Duration.ofMillis(n.path("delayMs").asLong(1_000)),
                        n.path("envelope").asBoolean(true));
            case "GARBAGE" -> Fault.garbage();
            case "TRUNCATE" -> Fault.truncate();
            case "STALL" -> Fault.stall(delay);
            case "SLOW_BODY" -> Fault.slowBody(delay);
            case "REDIRECT" ->
                new Fault.Redirect(
                        n.path("status").asInt(307), n.path("location").asText(""));
            case "DOWN" -> Fault.down();
            case "UNAUTHORIZED" -> Fault.unauthorized();
            case "EMPTY_DATA" -> Fault.emptyData();
            default -> stream(n);
        };
    }

    private static Fault stream(JsonNode n) {
        int frames = n.path("frames").asInt(1);
        return switch (n.path("kind").asText()) {
            case "STREAM_DROP" ->
                Fault.dropStream(frames, Fault.End.valueOf(n.path("end").asText("CLEAN")));
            case "STREAM_SILENCE" -> Fault.silentStream(frames);
            case "STREAM_SPLIT" ->
                Fault.splitStream(
                        n.path("pieces").asInt(3),
                        Duration.ofMillis(n.path("delayMs").asLong(20)));
            case "STREAM_CRLF" -> Fault.crlfStream();
            case "STREAM_HEARTBEAT" ->
                Fault.heartbeatStream(Duration.ofMillis(n.path("delayMs").asLong(1_000)));
            case "STREAM_GARBAGE" -> Fault.garbageInStream(frames);
            default -> throw new IllegalArgumentException("unknown kind " + n.path("kind"));
        };
    }

    static ObjectNode write(FaultRule rule) {
        ObjectNode n = Json.MAPPER
                .createObjectNode()
                .put("service", rule.service())
                .put("route", rule.route())
                .put("kind", rule.fault().kind())
                .put("probability", rule.probability())
                .put("maxCount", rule.maxCount())
                .put("startsAfterMs", rule.startsAfter().toMillis());
        @Nullable Duration lasts = rule.lasts();
        if (lasts != null) {
            n.put("lastsMs", lasts.toMillis());
        }
        fields(n, rule.fault());
        return n;
    }

    private static void fields(ObjectNode n, Fault fault) {
        if (fault instanceof Fault.Status s) {
            n.put("status", s.status()).put("processed", s.processed());
        } else if (fault instanceof Fault.Envelope e) {
            n.put("message", e.message()).put("status", e.httpStatus());
            n.set(
                    "code",
                    e.code().matches("\\d{1,9}") ? new IntNode(Integer.parseInt(e.code())) : new TextNode(e.code()));
        } else if (fault instanceof Fault.RateLimit r) {
            n.put("delayMs", r.retryAfter().toMillis()).put("envelope", r.envelope());
        } else if (fault instanceof Fault.Stall s) {
            n.put("delayMs", s.delay().toMillis());
        } else if (fault instanceof Fault.SlowBody s) {
            n.put("delayMs", s.over().toMillis());
        } else if (fault instanceof Fault.Redirect r) {
            n.put("status", r.status()).put("location", r.location());
        } else if (fault instanceof Fault.StreamDrop d) {
            n.put("frames", d.frames()).put("end", d.end().name());
        } else if (fault instanceof Fault.StreamSilence s) {
            n.put("frames", s.frames());
        } else if (fault instanceof Fault.StreamSplit s) {
            n.put("pieces", s.pieces()).put("delayMs", s.pause().toMillis());
        } else if (fault instanceof Fault.StreamHeartbeat h) {
            n.put("delayMs", h.every().toMillis());
        } else if (fault instanceof Fault.StreamGarbage g) {
            n.put("frames", g.frames());
        }
    }
}
