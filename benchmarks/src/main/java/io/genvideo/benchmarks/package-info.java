/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * What the component costs beside the ideal: one timer and Apache HttpClient 5 that send the same requests with no logic around
 * them. {@link io.genvideo.benchmarks.BenchmarkMain} runs both, each in a process of its own, against {@link
 * io.genvideo.benchmarks.MockService} in a third.
 */
package io.genvideo.benchmarks;
