/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * {@link io.genvideo.http.HttpGateway} on Apache HttpClient 5 async. Start at
 * {@link io.genvideo.http.apache.ApacheHttpGateway}; the other classes are its parts.
 */
@NullMarked
package io.genvideo.http.apache;

import org.jspecify.annotations.NullMarked;
