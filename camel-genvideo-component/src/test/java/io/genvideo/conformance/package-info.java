/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * What a provider must do, as tests that any provider can run. A test class extends
 * {@link io.genvideo.conformance.ProviderConformanceKit} and returns the protocol of its service
 * ({@link io.genvideo.conformance.ServiceProtocol}); the kit runs that service on a real socket, breaks it, and advances virtual time.
 * See docs/add-a-provider.md.
 */
@NullMarked
package io.genvideo.conformance;

import org.jspecify.annotations.NullMarked;
