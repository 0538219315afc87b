/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import java.time.Duration;

/** What a message causes, what it costs and how long it takes (docs/contracts/nemo.md sections 6 and 8). */
enum MessageKind {
    GENERATE(100, Duration.ofSeconds(200), "generate_video_with_seedance"),
    EDIT(50, Duration.ofSeconds(20), "edit_multitrack"),
    TALK(0, Duration.ofSeconds(10), "");

    /** Credits. */
    final long price;
    /** Time at the real service. */
    final Duration atService;
    /** The tool that the service uses for it; empty without one. */
    final String tool;

    MessageKind(long price, Duration atService, String tool) {
        this.price = price;
        this.atService = atService;
        this.tool = tool;
    }
}
