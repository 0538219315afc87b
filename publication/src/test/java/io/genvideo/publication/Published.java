/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.publication;

/** A module whose jar is published. */
record Published(String artifactId, String version, String moduleName) {
    @Override
    public String toString() {
        return artifactId;
    }
}
