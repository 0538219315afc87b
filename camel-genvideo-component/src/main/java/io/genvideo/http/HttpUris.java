/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import io.genvideo.model.TextSanitizer;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads web addresses as services write them, which is more than {@link URI} accepts: hosts with {@code _}, international
 * domain names, and characters such as {@code |} or spaces that should have been escaped.
 */
public final class HttpUris {
    /** A longer address is refused. */
    public static final int MAX_LENGTH = 8192;

    private static final int SHOWN = 80;
    /** Printable ASCII that a path or query must not hold as it is (RFC 3986, section 2). */
    private static final String TO_ESCAPE = " \"<>\\^`{|}[]";

    private HttpUris() {}

    /**
     * An absolute http or https address. International host names become their ASCII form, characters that must be escaped are
     * escaped, and a fragment is dropped. {@link URI#getHost()} is {@code null} for a host with {@code _}; use {@link #host}.
     *
     * @throws IllegalArgumentException for any other text; the message holds neither query nor user information
     */
    public static URI parse(String text) {
        String address = text.strip();
        if (address.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the address is longer than " + MAX_LENGTH + " characters");
        }
        int authority = afterScheme(address);
        int path = endOfAuthority(address, authority);
        try {
            return new URI(address.substring(0, authority).toLowerCase(Locale.ROOT)
                    + authority(address.substring(authority, path))
                    + escaped(address.substring(path)));
        } catch (URISyntaxException e) {
            // Not as a cause: its message quotes the address
            throw new IllegalArgumentException("the address is malformed: " + shown(address));
        }
    }

    /**
     * The address that a redirect from {@code from} leads to.
     *
     * @param location absolute or relative, as the header has it
     * @throws IllegalArgumentException as {@link #parse}; other schemes are kept for the caller to refuse
     */
    public static URI resolve(URI from, String location) {
        String target = location.strip();
        if (isHttp(target)) {
            return parse(target);
        }
        if (target.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the address is longer than " + MAX_LENGTH + " characters");
        }
        return target.startsWith("//") ? parse(from.getScheme() + ":" + target) : from.resolve(escaped(target));
    }

    /** The host, also where {@link URI#getHost()} does not return it; {@code null} if there is none. IPv6 in brackets. */
    public static @Nullable String host(URI uri) {
        String known = uri.getHost();
        String authority = uri.getRawAuthority();
        if (known != null || authority == null || authority.indexOf('@') >= 0) {
            return known;
        }
        String host = withoutPort(authority);
        return host.isEmpty() ? null : host;
    }

    private static boolean isHttp(String address) {
        return address.regionMatches(true, 0, "http://", 0, 7) || address.regionMatches(true, 0, "https://", 0, 8);
    }

    private static int afterScheme(String address) {
        if (isHttp(address)) {
            return address.indexOf("//") + 2;
        }
        int colon = address.indexOf(':');
        boolean relative = colon < 1 || !address.substring(0, colon).chars().allMatch(HttpUris::isSchemeCharacter);
        throw new IllegalArgumentException(
                relative
                        ? "the address is relative; an absolute http or https address is needed: " + shown(address)
                        : "only http and https addresses are allowed, not " + shown(address.substring(0, colon)));
    }

    private static boolean isSchemeCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0;
    }

    private static int endOfAuthority(String address, int from) {
        int end = from;
        while (end < address.length() && "/?#\\".indexOf(address.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String authority(String authority) {
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("an address with user information is not allowed");
        }
        String host = withoutPort(authority);
        return asciiHost(host) + authority.substring(host.length());
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']')
                && authority.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        return port ? authority.substring(0, colon) : authority;
    }

    private static String asciiHost(String host) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the address has no host");
        }
        if (host.startsWith("[")) {
            return host;
        }
        String ascii;
        try {
            ascii = host.chars().allMatch(c -> c < 0x80) ? host : IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the host of the address is not a valid name");
        }
        if (!ascii.chars().allMatch(HttpUris::isHostCharacter)) {
            throw new IllegalArgumentException("the host of the address is not a valid name");
        }
        return ascii.toLowerCase(Locale.ROOT);
    }

    private static boolean isHostCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0;
    }

    private static String escaped(String text) {
        int fragment = text.indexOf('#');
        byte[] bytes = (fragment < 0 ? text : text.substring(0, fragment)).getBytes(StandardCharsets.UTF_8);
        StringBuilder escaped = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            if (c < 0x20 || c == 0x7f) {
                throw new IllegalArgumentException("the address holds a control character");
            }
            boolean unescaped = c >= 0x80 || TO_ESCAPE.indexOf(c) >= 0;
            if (unescaped || (c == '%' && !isEscape(bytes, i))) {
                escaped.append('%').append(hex(c >> 4)).append(hex(c & 0xf));
            } else {
                escaped.append((char) c);
            }
        }
        return escaped.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    private static boolean isEscape(byte[] bytes, int at) {
        return at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }

    private static String shown(String address) {
        int query = address.indexOf('?');
        String path = query < 0 ? address : address.substring(0, query);
        int user = path.lastIndexOf('@');
        String safe = user < 0 ? path : path.substring(user + 1);
        return TextSanitizer.singleLine(safe.length() <= SHOWN ? safe : safe.substring(0, SHOWN) + "\u2026");
    }
}
