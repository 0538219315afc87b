/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import io.genvideo.sandbox.SandboxConfig.Rendering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A Camel context whose component has an account of its own, {@code ima}, at a sandbox that all tests share: starting one
 * and rendering its sample takes longer than most tests. Each context sees only its own charges.
 */
final class ImaContext implements AutoCloseable {
    /** Options that make a test wait no longer than it must. */
    static final String QUICK = "pollInterval=20ms&timeout=30s";

    private final String key = "ima_" + UUID.randomUUID();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private final long violationsBefore = sandbox().ledger().violationCount();
    private ProducerTemplate template;

    /** Not started yet, so that beans, options and routes can be added. */
    ImaContext() {
        component.getAccounts().put("ima", account(key));
        component.getConfiguration().setPollInterval(Duration.ofMillis(20));
        component.getConfiguration().setTimeout(Duration.ofSeconds(30));
        camel.addComponent("genvideo", component);
        camel.getShutdownStrategy().setTimeout(10);
        camel.getPropertiesComponent().addInitialProperty("sandbox.ima", base());
    }

    static Sandbox sandbox() {
        return Shared.SANDBOX;
    }

    static String base() {
        return sandbox().imaUri().toString();
    }

    /** An account at the sandbox. */
    static GenvideoAccount account(String key) {
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey(key);
        account.setBaseUrl(base());
        account.setUploadUrl(sandbox().imaUploadUri().toString());
        return account;
    }

    ImaContext start() {
        camel.start();
        template = camel.createProducerTemplate();
        return this;
    }

    ImaContext routes(String resource) throws Exception {
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "classpath:io/genvideo/camel/" + resource));
        return this;
    }

    ImaContext routes(RouteBuilder routes) throws Exception {
        camel.addRoutes(routes);
        return this;
    }

    DefaultCamelContext camel() {
        return camel;
    }

    GenvideoComponent component() {
        return component;
    }

    String key() {
        return key;
    }

    Exchange send(String endpoint, Object body, Map<String, Object> headers) {
        return send(endpoint, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    Exchange send(String endpoint, Consumer<Exchange> prepare) {
        return template.send(endpoint, prepare::accept);
    }

    CompletableFuture<Exchange> sendLater(String endpoint, Object body, Map<String, Object> headers) {
        return template.asyncSend(endpoint, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** Sends a text that must become a video. */
    Exchange generate(String endpoint, Object body) {
        Exchange done = send(endpoint, body, Map.of());
        assertThat(done.getException()).isNull();
        return done;
    }

    List<Ledger.Charge> charges() {
        String account = Ledger.account(key);
        return sandbox().ledger().charges().stream()
                .filter(c -> c.account().equals(account))
                .toList();
    }

    List<Ledger.TaskView> tasks() {
        String account = Ledger.account(key);
        return sandbox().ledger().tasks().stream()
                .filter(t -> t.account().equals(account))
                .toList();
    }

    /** The account paid so often, each time for another task, and no request was outside of the service's contract. */
    void assertCharged(int times) {
        assertThat(charges()).hasSize(times);
        assertThat(charges()).extracting(Ledger.Charge::taskId).doesNotHaveDuplicates();
        assertThat(sandbox().ledger().violations().stream().skip(violationsBefore))
                .isEmpty();
    }

    /** Stops the context and takes all faults off the sandbox. */
    @Override
    public void close() {
        sandbox().faults().clear();
        camel.getShutdownStrategy().setTimeout(2);
        camel.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
        camel.stop();
    }

    /** A small picture, different for each shade. */
    static byte[] picture(int shade) {
        return picture(shade, 64, 48);
    }

    /** A picture of a size that a service may ask for. */
    static byte[] picture(int shade, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = image.createGraphics();
        paint.setColor(new Color(shade % 256, 100, 200));
        paint.fillRect(0, 0, width, height);
        paint.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Path picture(Path file, int shade) throws IOException {
        return picture(file, shade, 64, 48);
    }

    static Path picture(Path file, int shade, int width, int height) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, picture(shade, width, height));
    }

    private static final class Shared {
        static final Sandbox SANDBOX = Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ZERO)
                .rendering(Rendering.SAMPLE)
                .build());
    }
}
