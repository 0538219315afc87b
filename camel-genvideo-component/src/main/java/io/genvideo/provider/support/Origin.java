/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.http.HttpUris;
import io.genvideo.http.PublicAddresses;
import io.genvideo.http.Redaction;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Scheme, host and port of an address: equal for two addresses of the same server. */
public record Origin(String scheme, String host, int port) {

    /** The origin of an address; {@code null} for anything but an http or https address with a host. */
    public static @Nullable Origin of(URI uri) {
        String host = HttpUris.host(uri);
        if (uri.getScheme() == null || host == null) {
            return null;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("http") ? 80 : scheme.equals("https") ? 443 : -1;
        int port = port(uri);
        return usual < 0 ? null : new Origin(scheme, host.toLowerCase(Locale.ROOT), port < 0 ? usual : port);
    }

    /** {@link URI} returns neither host nor port of a host with {@code _} in its name. */
    private static int port(URI uri) {
        String authority = uri.getRawAuthority();
        if (uri.getHost() != null || authority == null) {
            return uri.getPort();
        }
        String digits = authority.substring(authority.lastIndexOf(':') + 1);
        boolean isPort = authority.indexOf(':') >= 0
                && !digits.isEmpty()
                && digits.length() <= 5
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isPort ? Integer.parseInt(digits) : -1;
    }

    /** Whether a server on the internet can find this host, by its name alone: a lookup would block. */
    public boolean isPublic() {
        return PublicAddresses.isPublicHost(host);
    }

    /** For messages: scheme, host and port. */
    public static String shown(URI uri) {
        Origin origin = of(uri);
        return origin == null ? Redaction.uri(uri) : origin.scheme + "://" + origin.host + ":" + origin.port;
    }
}
