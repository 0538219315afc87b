/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.publication;

import java.nio.file.Path;
import java.util.stream.Stream;

/** The modules of this project, as their POMs tell. */
record Project(Path folder, Pom pom, String version) {
    static Project at(Path root) {
        Pom pom = Pom.of(root.resolve("pom.xml"));
        return new Project(root, pom, pom.text("version"));
    }

    /** The modules with a jar whose deployment is not skipped. */
    Stream<Published> published() {
        return pom.modules()
                .map(module -> folder.resolve(module))
                .map(path -> new Project(path, Pom.of(path.resolve("pom.xml")), version))
                .flatMap(module -> Stream.concat(module.itself(), module.published()));
    }

    private Stream<Published> itself() {
        boolean isPublished = pom.text("packaging").isEmpty()
                && !pom.property("maven.deploy.skip").equals("true");
        return isPublished
                ? Stream.of(new Published(pom.text("artifactId"), version, pom.property("genvideo.module.name")))
                : Stream.empty();
    }
}
