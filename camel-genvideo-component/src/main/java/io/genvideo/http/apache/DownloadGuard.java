/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What an address must be like for the gateway to fetch it. A result URL comes from outside and may have been chosen by
 * somebody who wants to look into this network.
 *
 * <p>Without a proxy, the addresses of a host are checked where they are used: the resolver of the guarded client returns
 * public ones only. Through a proxy it is the proxy that resolves, so the name is resolved here as well, and refused if that
 * gives no public address; a name that only the proxy can resolve is left to the proxy's own rules.
 */
final class DownloadGuard {
    private final AsyncDnsResolver names;
    private final boolean proxied;

    DownloadGuard(AsyncDnsResolver names, boolean proxied) {
        this.names = names;
        this.proxied = proxied;
    }

    /** @return why it may not be fetched at all; {@code null} if nothing in the address itself forbids it */
    static @Nullable String objection(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return "only http and https are fetched, not "
                    + (scheme.isEmpty() ? "an address without a scheme" : scheme);
        }
        if (uri.getRawUserInfo() != null) {
            return "an address with user information is not fetched";
        }
        return uri.getHost() == null ? "the address has no host" : null;
    }

    /** Fails with {@link AsyncDnsResolver.NotPublicException} if the proxy should not be asked for it. */
    CompletableFuture<Void> beforeProxy(URI uri) {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        if (!proxied) {
            checked.complete(null);
            return checked;
        }
        names.lookUp(uri.getHost()).whenComplete((addresses, unknown) -> check(uri.getHost(), addresses, checked));
        return checked;
    }

    private static void check(String host, InetAddress @Nullable [] addresses, CompletableFuture<Void> checked) {
        try {
            if (addresses != null) {
                AsyncDnsResolver.onlyPublic(host, addresses);
            }
            checked.complete(null);
        } catch (AsyncDnsResolver.NotPublicException refused) {
            checked.completeExceptionally(refused);
        }
    }
}
