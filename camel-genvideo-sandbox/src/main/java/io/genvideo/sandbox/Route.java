/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.io.IOException;
import java.util.Set;
import java.util.function.Function;

/**
 * One thing that a service can be asked.
 *
 * @param service name of the service that owns a request; a function, as a media URL belongs to whom made it
 * @param name name in fault rules and in the ledger
 * @param methods HTTP methods it takes; HEAD is served wherever GET is
 * @param path absolute path; one that ends in {@code /} takes everything below it
 * @param streams whether it answers with an event stream if all is well
 */
public record Route(
        Function<String, String> service,
        String name,
        Set<String> methods,
        String path,
        boolean streams,
        Handler handler) {

    /** Does what is asked; the answer is sent, or broken by a fault, by the server. */
    @FunctionalInterface
    public interface Handler {
        Answer handle(Request request) throws IOException;
    }

    /** A route of one service. */
    public static Route of(String service, String name, String method, String path, Handler handler) {
        return new Route(p -> service, name, Set.of(method), path, false, handler);
    }

    /** A route of one service that answers with an event stream. */
    public static Route streaming(String service, String name, String method, String path, Handler handler) {
        return new Route(p -> service, name, Set.of(method), path, true, handler);
    }

    boolean takes(String aPath) {
        return (path.endsWith("/") && path.length() > 1) ? aPath.startsWith(path) : aPath.equals(path);
    }

    boolean takesMethod(String method) {
        return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }
}
