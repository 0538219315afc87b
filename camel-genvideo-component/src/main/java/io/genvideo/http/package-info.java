/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The one way to the network: {@link io.genvideo.http.HttpGateway} over a pooled, capped, asynchronous client. It keeps
 * three promises that callers build on: a {@link io.genvideo.http.HttpGateway#send} leaves exactly once, answers and
 * downloads are bounded, and nothing that it says about a call holds a credential.
 */
@NullMarked
package io.genvideo.http;

import org.jspecify.annotations.NullMarked;
