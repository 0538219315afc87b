/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The address in front of the nodes uses all that are there. */
class OneAddressTest {
    private static HttpServer node(String name) throws IOException {
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = name.getBytes(StandardCharsets.UTF_8);
        node.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        node.start();
        return node;
    }

    private static String read(OneAddress address) throws IOException {
        try (var in =
                URI.create("http://localhost:" + address.port() + "/").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A client that was left open would wait for its time-out instead of trying again. */
    @Test
    void endsTheConnectionIfThereIsNoNode() throws IOException {
        HttpServer gone = node("gone");
        int port = gone.getAddress().getPort();
        gone.stop(0);
        try (OneAddress address = new OneAddress(List.of(port));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), address.port())) {
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void usesAllNodesAndPassesOverOneThatIsGone() throws IOException {
        HttpServer first = node("first");
        HttpServer second = node("second");
        try (OneAddress address = new OneAddress(
                List.of(first.getAddress().getPort(), second.getAddress().getPort()))) {
            assertThat(Set.of(read(address), read(address))).containsExactlyInAnyOrder("first", "second");

            first.stop(0);

            Set<String> answers = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                answers.add(read(address));
            }
            assertThat(answers).containsExactly("second");
        } finally {
            second.stop(0);
        }
    }
}
