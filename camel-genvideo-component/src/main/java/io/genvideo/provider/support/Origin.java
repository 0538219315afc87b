/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import io.genvideo.http.Redaction;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Scheme, host and port of an address: what tells whether two addresses are the same server. */
public record Origin(String scheme, String host, int port) {

    private static final Pattern PRIVATE_IPV4 =
            Pattern.compile("(0|10|127)\\..*|192\\.168\\..*|169\\.254\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** The origin of an address; {@code null} for anything but an http or https address with a host. */
    public static @Nullable Origin of(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null) {
            return null;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("http") ? 80 : scheme.equals("https") ? 443 : -1;
        if (usual < 0) {
            return null;
        }
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() < 0 ? usual : uri.getPort());
    }

    /**
     * Whether a server on the internet can find this host. Told by its name alone, because a lookup would block and its
     * answer would be ours, not the service's: numbers of private, loopback and link-local networks, and names without a
     * dot or with an ending reserved for local networks, are not public.
     */
    public boolean isPublic() {
        if (host.startsWith("[")) {
            return isPublicIpv6(host.substring(1, host.length() - 1));
        }
        if (IPV4.matcher(host).matches()) {
            return !PRIVATE_IPV4.matcher(host).matches();
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.contains(".")
                && !name.endsWith(".localhost")
                && !name.endsWith(".local")
                && !name.endsWith(".internal");
    }

    private static boolean isPublicIpv6(String address) {
        if (address.startsWith("::")) {
            // Loopback, unspecified, and addresses that wrap an IPv4 one: no service is reached in public this way.
            return false;
        }
        return !address.matches("(?i)f[cd].*|fe[89ab].*");
    }

    /** For messages: scheme, host and port. */
    public static String shown(URI uri) {
        Origin origin = of(uri);
        return origin == null ? Redaction.uri(uri) : origin.scheme + "://" + origin.host + ":" + origin.port;
    }
}
