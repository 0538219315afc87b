/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** The process that is killed: routes as they are shipped, with the properties of a file, which name them, too. */
public final class RouteMain {
    private RouteMain() {}

    /** @param args the file with the properties */
    public static void main(String[] args) throws Exception {
        endWithParent();
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + Path.of(args[0]).toAbsolutePath());
        main.run();
    }

    /** The harness holds the other end of standard input: when it ends, even by a kill, this process ends too. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is ever sent
                        }
                    } catch (IOException e) {
                        System.err.println("standard input can't be read any more, so the harness has ended: " + e);
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
