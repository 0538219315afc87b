/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Json;
import java.util.Map;

/** The service's error bodies (docs/contracts/skillsvideo.md section 5). */
final class Errors {
    private static final Map<String, Integer> FAMILY_CODES = Map.of(
            "INVALID_INPUT", 400,
            "UNSUPPORTED_MODEL", 400,
            "INSUFFICIENT_CREDITS", 402,
            "CONTENT_REJECTED", 422,
            "RATE_LIMITED", 429,
            "FAILED", 502,
            "PROVIDER_UNAVAILABLE", 503,
            "TIMEOUT", 504);
    /** What an HTTP status alone stands for. The contract names no code for those that have no family. */
    private static final Map<Integer, String> BY_STATUS = Map.ofEntries(
            Map.entry(400, "INVALID_INPUT"),
            Map.entry(401, "UNAUTHORIZED"),
            Map.entry(402, "INSUFFICIENT_CREDITS"),
            Map.entry(403, "FORBIDDEN"),
            Map.entry(404, "NOT_FOUND"),
            Map.entry(405, "METHOD_NOT_ALLOWED"),
            Map.entry(422, "CONTENT_REJECTED"),
            Map.entry(429, "RATE_LIMITED"),
            Map.entry(502, "FAILED"),
            Map.entry(503, "PROVIDER_UNAVAILABLE"),
            Map.entry(504, "TIMEOUT"));

    private final boolean older;

    /** @param older whether bodies look as in the older documentation, without {@code code} */
    Errors(boolean older) {
        this.older = older;
    }

    /**
     * An error.
     *
     * @param family first word of its code if it is one of a family
     * @param code a code, with or without the family, or an HTTP status
     * @param httpStatus HTTP status, or 0 for that of the code
     */
    Answer of(String family, String code, String message, int httpStatus) {
        boolean number = code.matches("\\d{3}");
        String name = number ? BY_STATUS.getOrDefault(Integer.parseInt(code), "INTERNAL_ERROR") : code;
        String suffix = name.replaceFirst("^[A-Z]+_GENERATION_", "");
        boolean known = FAMILY_CODES.containsKey(suffix);
        int own = number ? Integer.parseInt(code) : FAMILY_CODES.getOrDefault(suffix, 500);
        String full = known && suffix.equals(name) ? family + "_GENERATION_" + name : name;
        ObjectNode body = Json.MAPPER.createObjectNode().put("error", full);
        if (!older) {
            body.put("code", full);
        }
        return Answer.json(httpStatus == 0 ? own : httpStatus, body.put("message", message));
    }
}
