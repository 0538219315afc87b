/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.springboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Deletes the file of an upload when its request has ended. */
@Component("uploads")
public class Uploads {
    /** @param upload the body of the request; no path if it had no file, or several */
    public void delete(@ExchangeProperty("upload") @Nullable Object upload) throws IOException {
        if (upload instanceof Path file) {
            Files.deleteIfExists(file);
        }
    }
}
