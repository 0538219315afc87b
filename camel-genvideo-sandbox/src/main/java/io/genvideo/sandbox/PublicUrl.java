/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a service on the internet could fetch a URL. Told by the URL alone: nothing is looked up or fetched. */
public final class PublicUrl {
    private static final Pattern PRIVATE_IPV4 =
            Pattern.compile("(0|10|127)\\..*|192\\.168\\..*|169\\.254\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private PublicUrl() {}

    /** Says why it could not; empty if it could. */
    public static Optional<String> complaint(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("is not an http(s) URL");
        }
        // URI gives no host for names with an underscore, which browsers and servers take
        String authority = String.valueOf(uri.getRawAuthority());
        String host =
                authority.replaceFirst("^.*@", "").replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
        if (uri.getRawAuthority() == null || host.isEmpty()) {
            return Optional.of("has no host");
        }
        return isPublic(host) ? Optional.empty() : Optional.of("is not reachable in public (" + host + ")");
    }

    /** Whether it is an http(s) URL with a host, private or not. */
    public static boolean hasHost(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https")) && uri.getRawAuthority() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isPublic(String host) {
        if (host.startsWith("[")) {
            String address = host.substring(1, host.length() - 1);
            return !address.startsWith("::") && !address.matches("f[cd].*|fe[89ab].*");
        }
        if (IPV4.matcher(host).matches()) {
            return !PRIVATE_IPV4.matcher(host).matches();
        }
        return host.contains(".")
                && !host.endsWith(".localhost")
                && !host.endsWith(".local")
                && !host.endsWith(".internal");
    }
}
