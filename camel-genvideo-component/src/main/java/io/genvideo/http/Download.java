/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A result to fetch. Only {@code http} and {@code https}; no credential is sent; at most five redirects, each checked like
 * the first address.
 *
 * @param target where the complete file appears; until then its bytes are beside it under another name
 * @param maxBytes more is an error, whether announced or not
 * @param timeout of the whole transfer
 * @param allowPrivate whether addresses that are loopback, private, link-local or otherwise not public may be fetched
 * @param trusted addresses for which {@code allowPrivate} does not matter: the account's own
 */
public record Download(
        URI uri, Path target, long maxBytes, Duration timeout, boolean allowPrivate, Predicate<URI> trusted) {}
