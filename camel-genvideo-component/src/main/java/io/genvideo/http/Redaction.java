/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes addresses fit for logs and messages: IMA's upload token call carries the API key in its query. */
public final class Redaction {
    private Redaction() {}

    /** Scheme, host, port and path; a query shows as {@code ?…}, user info not at all. */
    public static String uri(@Nullable URI uri) {
        if (uri == null) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        if (uri.getScheme() != null) {
            shown.append(uri.getScheme()).append("://");
        }
        if (uri.getHost() != null) {
            shown.append(uri.getHost());
        }
        if (uri.getPort() >= 0) {
            shown.append(':').append(uri.getPort());
        }
        if (uri.getRawPath() != null) {
            shown.append(uri.getRawPath());
        }
        return uri.getRawQuery() == null
                ? shown.toString()
                : shown.append("?\u2026").toString();
    }
}
