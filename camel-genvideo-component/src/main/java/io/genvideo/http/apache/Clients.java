/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import io.genvideo.http.HttpGatewaySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The gateway's clients, one for each kind of call. */
final class Clients implements AutoCloseable {
    private final AsyncDnsResolver apiResolver;
    private final AsyncDnsResolver mediaResolver;
    private final ClientSlot reads;
    private final ClientSlot creates;
    private final ClientSlot streams;
    private final ClientSlot guarded;
    private final ClientSlot publicDownloads;
    private final ClientSlot trustedDownloads;
    private final WebSocketClient webSockets;

    /** Opens those that every account needs, so that a mistake in the settings shows at the start; the others when needed. */
    Clients(HttpGatewaySettings settings, HttpTimings timings, HttpExchange.Shared shared) {
        InFlightCalls inFlight = shared.inFlight();
        this.apiResolver = new AsyncDnsResolver(timings.lookup(), ClientFactory.threads(settings.name(), "names"));
        this.mediaResolver =
                new AsyncDnsResolver(timings.lookup(), ClientFactory.threads(settings.name(), "media-names"));
        ClientFactory factory = new ClientFactory(settings, timings, apiResolver, mediaResolver);
        this.reads = new ClientSlot(factory::forReads, inFlight);
        this.creates = new ClientSlot(factory::forCreates, inFlight);
        this.streams = new ClientSlot(factory::forStreams, inFlight);
        this.guarded = new ClientSlot(factory::forGuardedCalls, inFlight);
        this.publicDownloads = new ClientSlot(
                threadEnded -> factory.forDownloads(PooledClient.Addresses.PUBLIC, threadEnded), inFlight);
        this.trustedDownloads = new ClientSlot(
                threadEnded -> factory.forDownloads(PooledClient.Addresses.TRUSTED, threadEnded), inFlight);
        this.webSockets = new WebSocketClient(settings, apiResolver, shared);
        boolean opened = false;
        try {
            reads.get();
            creates.get();
            opened = true;
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    ClientSlot reads() {
        return reads;
    }

    /** For calls that must leave at most once. */
    ClientSlot creates() {
        return creates;
    }

    ClientSlot streams() {
        return streams;
    }

    /** For calls to addresses that a service has named; connects to public addresses only. */
    ClientSlot guarded() {
        return guarded;
    }

    /** @param exempt whether the address may be private */
    ClientSlot downloads(boolean exempt) {
        return exempt ? trustedDownloads : publicDownloads;
    }

    WebSocketClient webSockets() {
        return webSockets;
    }

    @Override
    public void close() {
        webSockets.close();
        List<ClientSlot> all = List.of(reads, creates, streams, guarded, publicDownloads, trustedDownloads);
        all.forEach(ClientSlot::beginClosing);
        all.forEach(ClientSlot::close);
        apiResolver.close();
        mediaResolver.close();
    }
}
