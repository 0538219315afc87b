/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.kamelets;

import static org.awaitility.Awaitility.await;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.Main;

/** A Camel application in a folder, whose accounts are at a sandbox of its own. It may be started again. */
final class KameletApplication implements AutoCloseable {
    static final String KEY = "ima_kamelet";

    private final Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
            .taskDuration(Duration.ofMillis(200))
            .rendering(SandboxConfig.Rendering.SAMPLE)
            .build());
    private final Path folder;
    private Main main = new Main();

    KameletApplication(Path folder) {
        this.folder = folder;
    }

    /** @param routes what {@code camel.main.routesIncludePattern} takes */
    KameletApplication start(String routes, Map<String, String> more) {
        main = new Main();
        main.addInitialProperty("folder", folder.toString());
        main.addInitialProperty("sandbox.key", KEY);
        main.addInitialProperty("sandbox.ima", sandbox.imaUri().toString());
        set("pollInterval", "20ms");
        set("accounts[ima].apiKey", KEY);
        set("accounts[ima].baseUrl", sandbox.imaUri().toString());
        set("accounts[ima].uploadUrl", sandbox.imaUploadUri().toString());
        set("accounts[skillsvideo].apiKey", "sk_kamelet");
        set("accounts[skillsvideo].baseUrl", sandbox.skillsvideoUri().toString());
        more.forEach(main::addInitialProperty);
        main.configure().withRoutesIncludePattern(routes);
        main.start();
        return this;
    }

    private void set(String option, String value) {
        main.addInitialProperty("camel.component.genvideo." + option, value);
    }

    void stop() {
        main.stop();
    }

    @Override
    public void close() {
        main.stop();
        sandbox.close();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    MockEndpoint mock(String name) {
        return camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    Exchange send(String endpoint, Object body) {
        return camel().createFluentProducerTemplate()
                .to(endpoint)
                .withBody(body)
                .send();
    }

    /** The text first: the picture is taken as soon as it is there. */
    static void drop(Path folder, String name, String prompt) throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(inbox.resolve(name + ".txt"), prompt);
        picture(inbox.resolve(name + ".png"));
    }

    static Path picture(Path file) throws IOException {
        ImageIO.write(new BufferedImage(640, 360, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }

    static void awaitFile(Path file) {
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.isRegularFile(file));
    }

    long charges(String prompt) {
        return sandbox.ledger().charges().stream()
                .filter(charge -> charge.promptHash().equals(Ledger.hash(prompt)))
                .count();
    }
}
