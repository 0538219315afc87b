/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context whose component has the provider {@link StudioService}, with an account of the same name. */
final class StudioContext implements AutoCloseable {
    private final StudioService studio = new StudioService();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final GenvideoComponent component = new GenvideoComponent(camel);
    private final GenvideoAccount account = new GenvideoAccount();

    /** Not started yet. */
    StudioContext() {
        account.setApiKey("studio-key");
        component.getAccounts().put(StudioService.NAME, account);
        component.getConfiguration().setPollInterval(Duration.ofMillis(20));
        camel.getRegistry().bind("studio", studio);
        camel.addComponent("genvideo", component);
        camel.getShutdownStrategy().setTimeout(2);
    }

    StudioContext start() {
        camel.start();
        return this;
    }

    StudioContext routes(RouteBuilder routes) throws Exception {
        camel.addRoutes(routes);
        return this;
    }

    StudioService studio() {
        return studio;
    }

    DefaultCamelContext camel() {
        return camel;
    }

    GenvideoComponent component() {
        return component;
    }

    GenvideoAccount account() {
        return account;
    }

    Exchange send(String uri, Object body, Map<String, Object> headers) {
        return sendLater(uri, body, headers).join();
    }

    CompletableFuture<Exchange> sendLater(String uri, Object body, Map<String, Object> headers) {
        return camel.createProducerTemplate().asyncSend(uri, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** The messages of a failure and of all its causes. */
    static String messages(Throwable failure) {
        return Stream.iterate(failure, e -> e != null, Throwable::getCause)
                .map(e -> String.valueOf(e.getMessage()))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        camel.stop();
    }
}
