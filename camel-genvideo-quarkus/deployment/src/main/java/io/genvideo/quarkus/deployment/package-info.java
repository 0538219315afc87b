/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * What Quarkus does with the component at build time: {@link io.genvideo.quarkus.deployment.GenvideoProcessor} keeps
 * providers of the application, {@link io.genvideo.quarkus.deployment.NativeProcessor} registers what a native
 * executable needs, {@link io.genvideo.quarkus.deployment.SandboxProcessor} runs the sandbox in dev and test mode.
 */
@NullMarked
package io.genvideo.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
