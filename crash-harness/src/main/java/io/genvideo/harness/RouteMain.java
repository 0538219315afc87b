/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** The process that is killed: {@code routes/file-drop.camel.yaml} as it is shipped, with the properties of a file. */
public final class RouteMain {
    private RouteMain() {}

    /** @param args the file with the properties */
    public static void main(String[] args) throws Exception {
        endWithParent();
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + Path.of(args[0]).toAbsolutePath());
        main.configure().withRoutesIncludePattern("classpath:routes/file-drop.camel.yaml");
        main.run();
    }

    /** Whoever started this holds the other end of its input. Should it be killed itself, nothing of it stays behind. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is ever sent
                        }
                    } catch (IOException e) {
                        System.err.println("the harness can't be seen any more: " + e);
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
