/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes addresses fit for logs and messages; for foreign text see {@link io.genvideo.model.TextSanitizer}. */
public final class Redaction {
    private static final char HIDDEN = '\u2026';

    private Redaction() {}

    /**
     * Scheme, host, port and path. A query is shown as {@code ?…}, because credentials and signatures travel there; user
     * information is not shown at all.
     */
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
            if (uri.getPort() >= 0) {
                shown.append(':').append(uri.getPort());
            }
        } else if (HttpUris.host(uri) != null) {
            shown.append(uri.getRawAuthority());
        }
        if (uri.getRawPath() != null) {
            shown.append(uri.getRawPath());
        }
        return uri.getRawQuery() == null
                ? shown.toString()
                : shown.append('?').append(HIDDEN).toString();
    }
}
