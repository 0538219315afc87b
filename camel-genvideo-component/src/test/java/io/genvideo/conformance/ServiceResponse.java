/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A response of the service. */
public record ServiceResponse(int status, Map<String, String> headers, byte[] body) {

    public ServiceResponse {
        headers = Map.copyOf(headers);
    }

    /** A JSON response with status 200. */
    public static ServiceResponse json(String body) {
        return json(200, body);
    }

    public static ServiceResponse json(int status, String body) {
        return of(status, "application/json", body);
    }

    /** @param body is sent as UTF-8 */
    public static ServiceResponse of(int status, String contentType, String body) {
        return new ServiceResponse(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    /** A page of something that stands before the service, for example a load balancer. */
    public static ServiceResponse html(int status) {
        return of(status, "text/html", "<html><body>" + status + "</body></html>");
    }

    /** The same with one more header. */
    public ServiceResponse header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ServiceResponse(status, more, body);
    }

    /** The same with another status. */
    public ServiceResponse status(int value) {
        return new ServiceResponse(value, headers, body);
    }

    /** The same with another body. */
    public ServiceResponse body(String value) {
        return new ServiceResponse(status, headers, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "HTTP " + status + ", " + body.length + " bytes";
    }
}
