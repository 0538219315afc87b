/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Two nodes of the Spring Boot example with one journal in PostgreSQL behind one address.
 * {@link io.genvideo.examples.cluster.ClusterDemo} starts everything, kills one node, and shows that all videos arrive, each paid
 * once. A node is {@code examples/spring-boot} as it is, with the profile {@code postgresql}.
 */
@NullMarked
package io.genvideo.examples.cluster;

import org.jspecify.annotations.NullMarked;
