/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names on threads of its own. HttpClient resolves on whichever thread requests a connection, so that one slow name
 * server could hold the scheduler of all tasks; here a name is resolved first, and the client's resolver finds the outcome
 * ready.
 */
final class AsyncDnsResolver implements AutoCloseable {

    /** The platform's resolver, or a test's. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** A host without a public address; an {@code UnknownHostException}, since a resolver may throw no other. */
    static final class NotPublicException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        NotPublicException(String host) {
            super(host + " is not a public address; the option allowPrivateUrls=true allows it");
        }
    }

    private record Entry(CompletableFuture<InetAddress[]> addresses, long since) {}

    // The platform caches names itself (30 s by default); this only has to last from the lookup to the connection
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_ENTRIES = 1000;
    private static final int THREADS = 2;

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final Lookup lookup;
    private final ThreadPoolExecutor threads;

    AsyncDnsResolver(Lookup lookup, ThreadFactory factory) {
        this.lookup = lookup;
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Completes with the host's addresses, or fails with an {@code UnknownHostException}. */
    CompletableFuture<InetAddress[]> lookUp(String host) {
        String name = plain(host);
        long now = System.nanoTime();
        Entry known = entries.get(name);
        if (known != null && now - known.since < FRESH_NANOS) {
            return known.addresses;
        }
        if (entries.size() >= MAX_ENTRIES) {
            entries.values().removeIf(old -> now - old.since >= FRESH_NANOS);
        }
        Entry fresh = new Entry(new CompletableFuture<>(), now);
        if (known == null ? entries.putIfAbsent(name, fresh) != null : !entries.replace(name, known, fresh)) {
            return lookUp(name);
        }
        try {
            threads.execute(() -> resolve(name, fresh));
        } catch (RejectedExecutionException closed) {
            fresh.addresses.completeExceptionally(new Failures.DescribedException(Failures.CLOSED));
        }
        return fresh.addresses;
    }

    private void resolve(String name, Entry fresh) {
        try {
            fresh.addresses.complete(lookup.addresses(name));
        } catch (UnknownHostException | RuntimeException | Error failure) {
            // Not remembered: the next call may find the name again
            entries.remove(name, fresh);
            fresh.addresses.completeExceptionally(failure);
        }
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        Entry known = entries.get(plain(host));
        if (known != null && known.addresses.isDone() && !known.addresses.isCompletedExceptionally()) {
            return known.addresses.join();
        }
        return lookup.addresses(plain(host));
    }

    /** For connections to any address. */
    DnsResolver anyAddress() {
        return new Resolver(null);
    }

    /**
     * For connections to public addresses only. The client connects to what this returns and to nothing else, so a name that
     * changes its address between check and connection gains nothing.
     *
     * @param proxy the one name that is not checked
     */
    DnsResolver publicAddresses(@Nullable String proxy) {
        return new Resolver(proxy == null ? "" : plain(proxy));
    }

    private static String plain(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Resolver implements DnsResolver {
        private final @Nullable String unchecked;

        /** @param unchecked the only name that may be private; {@code null} if all may */
        Resolver(@Nullable String unchecked) {
            this.unchecked = unchecked;
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] all = addresses(host);
            return unchecked == null || unchecked.equals(plain(host)) ? all : AddressCheck.onlyPublic(host, all);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
