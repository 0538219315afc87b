/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Two nodes with one journal in PostgreSQL behind one address. {@link io.genvideo.examples.cluster.ClusterDemo} starts everything,
 * kills one node, and shows that all videos arrive, each paid once. A node is {@link io.genvideo.examples.cluster.NodeMain} with
 * the routes of {@code routes/videos.camel.yaml}.
 */
@NullMarked
package io.genvideo.examples.cluster;

import org.jspecify.annotations.NullMarked;
