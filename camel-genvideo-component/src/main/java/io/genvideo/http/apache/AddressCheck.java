/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.AddressGuard;
import io.genvideo.http.HttpUris;
import io.genvideo.http.PublicAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an address that a service has named may be connected to; see {@link AddressGuard}.
 *
 * <p>Without a proxy, the addresses of a host are checked where they are used: the resolver of a guarded client returns public
 * ones only. Through a proxy it is the proxy that resolves, so the name is resolved here as well, and refused if that gives no
 * public address; a name that only the proxy can resolve is left to the proxy's own rules.
 */
final class AddressCheck {
    private AddressCheck() {}

    /** @return why the address may not be used at all; {@code null} if nothing in the address itself forbids it */
    static @Nullable String objection(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return "only http and https addresses are allowed, not "
                    + (scheme.isEmpty() ? "an address without a scheme" : scheme);
        }
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0)) {
            return "an address with user information is not allowed";
        }
        return HttpUris.host(uri) == null ? "the address has no host" : null;
    }

    /** @throws Failures.DescribedException if the guard cannot decide */
    static boolean isExempt(AddressGuard guard, URI uri) throws Failures.DescribedException {
        try {
            return guard.isExempt(uri);
        } catch (RuntimeException failure) {
            throw new Failures.DescribedException("whether the address is trusted could not be decided");
        }
    }

    /** Fails with {@link AsyncDnsResolver.NotPublicException} if a proxy must not connect to the host. */
    static CompletableFuture<Void> beforeProxy(String host, AsyncDnsResolver resolver) {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        resolver.lookUp(host).whenComplete((addresses, unknown) -> {
            try {
                if (addresses != null) {
                    onlyPublic(host, addresses);
                }
                checked.complete(null);
            } catch (AsyncDnsResolver.NotPublicException refused) {
                checked.completeExceptionally(refused);
            }
        });
        return checked;
    }

    static InetAddress[] onlyPublic(String host, InetAddress[] addresses) throws AsyncDnsResolver.NotPublicException {
        InetAddress[] open =
                Arrays.stream(addresses).filter(PublicAddresses::isPublic).toArray(InetAddress[]::new);
        if (open.length == 0) {
            throw new AsyncDnsResolver.NotPublicException(host);
        }
        return open;
    }
}
