/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The one way to the network, as providers see it: {@link io.genvideo.http.HttpGateway} and the types of its calls. Whoever
 * implements it keeps three promises that callers build on: a {@link io.genvideo.http.HttpGateway#send} leaves at most once,
 * responses and downloads are bounded, and no log line or exception about a call holds a credential.
 */
@NullMarked
package io.genvideo.http;

import org.jspecify.annotations.NullMarked;
