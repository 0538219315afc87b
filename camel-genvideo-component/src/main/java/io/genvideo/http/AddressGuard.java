/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which addresses a call may connect to when a service has named the address: a result to download, a place to upload to.
 * Such an address may have been chosen by somebody who wants to reach into this network. The gateway resolves the host and
 * connects to public addresses only, unless the guard allows more; see {@link PublicAddresses}.
 *
 * @param allowPrivate whether addresses that are loopback, private, link-local or otherwise not public are allowed
 * @param trusted addresses for which {@code allowPrivate} does not matter: the account's own origin
 */
public record AddressGuard(boolean allowPrivate, Predicate<URI> trusted) {
    public AddressGuard {
        Objects.requireNonNull(trusted, "trusted");
    }

    /** Public addresses, and those that {@code trusted} accepts. */
    public static AddressGuard publicOr(Predicate<URI> trusted) {
        return new AddressGuard(false, trusted);
    }

    /** Whether the address may be connected to wherever it leads; otherwise its host must be public. */
    public boolean isExempt(URI uri) {
        return allowPrivate || trusted.test(uri);
    }
}
