/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** A node: the routes, with the properties of a file. */
public final class NodeMain {
    private NodeMain() {}

    /** @param args the file with the properties */
    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(NodeMain::endWithDemo, "demo");
        watch.setDaemon(true);
        watch.start();
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + Path.of(args[0]).toAbsolutePath());
        main.run();
    }

    /** The demo holds the other end of standard input: when it ends, even by a kill, this process ends too. */
    private static void endWithDemo() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever sent
            }
        } catch (IOException e) {
            System.err.println("standard input can't be read any more, so the demo has ended: " + e);
        }
        Runtime.getRuntime().halt(1);
    }
}
