/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a download.
 *
 * @param status of the last response; the file is there only if it is 200
 * @param contentType as the server declares it; not checked
 * @param size in bytes
 */
public record Downloaded(int status, Path file, @Nullable String contentType, long size) {}
