/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.filedrop;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** What a sandbox, in this process or another one, has charged. */
final class SandboxBooks {
    private final URI sandbox;

    SandboxBooks(URI sandbox) {
        this.sandbox = sandbox;
    }

    int charges() {
        try {
            return new ObjectMapper()
                    .readTree(URI.create(sandbox + "/sandbox/ledger").toURL())
                    .path("creates")
                    .asInt();
        } catch (IOException e) {
            throw new UncheckedIOException("there is no sandbox at " + sandbox + " (start one: ./mvnw -Psandbox)", e);
        }
    }
}
