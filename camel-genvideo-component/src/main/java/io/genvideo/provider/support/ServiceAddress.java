/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one account reaches its service: the base address, and the origins to which credentials may go. Immutable.
 */
public final class ServiceAddress {
    private final String base;
    private final Set<Origin> origins;
    private final boolean remote;

    private ServiceAddress(String base, Set<Origin> origins, boolean remote) {
        this.base = base;
        this.origins = Set.copyOf(origins);
        this.remote = remote;
    }

    /**
     * The address that an account names, or the service's usual one.
     *
     * @throws io.genvideo.model.InvalidGenerationRequestException if {@code given} is no http or https address; names
     *     {@code baseUrl}
     */
    public static ServiceAddress of(@Nullable String given, String usual, ServiceErrors errors) {
        String base = normal(given, usual);
        Origin origin = origin("baseUrl", base, errors);
        return new ServiceAddress(base, Set.of(origin), origin.isPublic());
    }

    /** The same with a further origin of the account's, for example that of its {@code uploadUrl}. */
    public ServiceAddress andOrigin(String option, String address, ServiceErrors errors) {
        Set<Origin> all = new HashSet<>(origins);
        all.add(origin(option, address, errors));
        return new ServiceAddress(base, all, remote);
    }

    /** An address without white space around it and without slashes at its end; {@code usual} if none is given. */
    public static String normal(@Nullable String given, String usual) {
        if (given == null || given.isBlank()) {
            return usual;
        }
        String address = given.trim();
        int end = address.length();
        while (end > 0 && address.charAt(end - 1) == '/') {
            end--;
        }
        return address.substring(0, end);
    }

    private static Origin origin(String option, String address, ServiceErrors errors) {
        Origin origin;
        try {
            origin = Origin.of(new URI(address));
        } catch (URISyntaxException e) {
            origin = null;
        }
        if (origin == null) {
            throw errors.invalid(option + " is not an http or https address");
        }
        return origin;
    }

    /** @param path begins with a slash */
    public URI resolve(String path) {
        return URI.create(base + path);
    }

    /** Whether this is the account's own: credentials may go there, whatever network it is on. */
    public boolean owns(URI uri) {
        Origin origin = Origin.of(uri);
        return origin != null && origins.contains(origin);
    }

    /** Whether the service can fetch from there: not if it is out on the internet and the address is not. */
    public boolean canFetch(URI uri) {
        Origin origin = Origin.of(uri);
        return origin != null && (!remote || origin.isPublic() || origins.contains(origin));
    }
}
