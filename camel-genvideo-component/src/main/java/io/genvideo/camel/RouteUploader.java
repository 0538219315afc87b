/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.http.HttpUris;
import io.genvideo.http.PublicAddresses;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.MimeTypes;
import io.genvideo.model.Paid;
import io.genvideo.model.TextSanitizer;
import io.genvideo.spi.MediaUploader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the media of one request through a route (option {@code uploadVia}): sends each once, as the body of an InOut
 * exchange, and takes the body of the response for its public URL. Errors are unpaid and are not retryable for the engine,
 * because the route has an error handler of its own and its trouble is not the service's.
 */
final class RouteUploader implements MediaUploader {
    private static final int HEAD = 32;
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final String CONTENT_LENGTH = "Content-Length";

    private final Endpoint route;
    private final ProducerTemplate template;
    private final ExecutorService threads;
    private final String provider;
    private final boolean allowPrivateUrls;
    private final long deadlineNanos;

    /** @param timeout how long the request waits, from now; no upload goes on for longer */
    RouteUploader(
            Endpoint route,
            ProducerTemplate template,
            ExecutorService threads,
            String provider,
            boolean allowPrivateUrls,
            Duration timeout) {
        this.route = route;
        this.template = template;
        this.threads = threads;
        this.provider = provider;
        this.allowPrivateUrls = allowPrivateUrls;
        this.deadlineNanos = System.nanoTime() + (timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toNanos();
    }

    @Override
    public CompletionStage<URI> upload(MediaInput input) {
        MediumStream medium;
        Exchange exchange;
        try {
            medium = new MediumStream(input.source());
            exchange = exchange(input.source(), medium);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    failure("cannot read " + input.source().displayName()));
        }
        CompletableFuture<URI> url = new CompletableFuture<>();
        url.orTimeout(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        CompletableFuture<URI> done = url.whenComplete((uri, failure) -> close(medium, failure));
        threads.execute(() -> {
            if (url.isDone()) {
                return;
            }
            try {
                url.complete(sent(exchange));
            } catch (RuntimeException | Error e) {
                url.completeExceptionally(e);
            }
        });
        return done.exceptionallyCompose(e -> CompletableFuture.failedFuture(typed(e)));
    }

    /**
     * A time-out comes on a thread that the whole JVM shares, and closing waits for a read that is under way: a file system
     * that does not answer must not hold it.
     */
    private void close(MediumStream medium, @Nullable Throwable failure) {
        if (failure instanceof TimeoutException) {
            threads.execute(medium::closeAll);
        } else {
            medium.closeAll();
        }
    }

    private Exchange exchange(MediaSource source, MediumStream medium) throws IOException {
        Exchange exchange = new DefaultExchange(route.getCamelContext(), ExchangePattern.InOut);
        String type = type(source);
        exchange.getMessage().setBody(medium);
        exchange.getMessage().setHeader(Exchange.FILE_NAME, name(source, type));
        exchange.getMessage().setHeader(Exchange.FILE_LENGTH, medium.length());
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
        exchange.getMessage().setHeader(CONTENT_LENGTH, medium.length());
        return exchange;
    }

    private static String type(MediaSource source) throws IOException {
        String sniffed;
        if (source instanceof MediaSource.Bytes bytes) {
            sniffed = MimeTypes.sniff(bytes.content());
        } else {
            try (InputStream in = Files.newInputStream(((MediaSource.Local) source).path())) {
                sniffed = MimeTypes.sniff(in.readNBytes(HEAD));
            }
        }
        return Objects.requireNonNullElse(sniffed, "application/octet-stream");
    }

    /** With the extension of its content: a service may go by it. */
    private static String name(MediaSource source, String type) {
        String given = source instanceof MediaSource.Bytes bytes ? bytes.name() : source.displayName();
        String name = Objects.requireNonNullElse(FileNames.segment(Objects.requireNonNullElse(given, "")), "medium");
        String extension = MimeTypes.extensionFor(type);
        return extension == null || type.equals(MimeTypes.ofName(name)) ? name : name + "." + extension;
    }

    /** Blocks until the route has ended. */
    private URI sent(Exchange exchange) {
        Object medium = exchange.getMessage().getBody();
        template.send(route, exchange);
        Exception failure = exchange.getException();
        if (failure != null) {
            throw failure(failure);
        }
        Object body = exchange.getMessage().getBody();
        if (body == null || body == medium || body instanceof MediumStream) {
            throw invalid("returned no URL: its body must be the public URL of the medium");
        }
        return url(text(body));
    }

    private String text(Object body) {
        if (body instanceof String || body instanceof URI || body instanceof URL) {
            return body.toString();
        }
        try {
            if (body instanceof byte[] bytes && bytes.length <= HttpUris.MAX_LENGTH) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            if (body instanceof InputStream stream) {
                try (stream) {
                    return new String(stream.readNBytes(HttpUris.MAX_LENGTH + 1), StandardCharsets.UTF_8);
                }
            }
        } catch (IOException e) {
            throw failure("the URL that " + shownRoute() + " returned cannot be read");
        }
        throw invalid("returned a " + body.getClass().getName() + ", it must be the public URL of the medium");
    }

    private URI url(String text) {
        URI url;
        try {
            url = HttpUris.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw invalid("returned no public URL: " + e.getMessage());
        }
        String host = HttpUris.host(url);
        if (!allowPrivateUrls && (host == null || !PublicAddresses.isPublicHost(host))) {
            throw invalid("returned a URL on a private network (host " + host
                    + "), where the service cannot fetch it; allowPrivateUrls=true allows it");
        }
        return url;
    }

    private Throwable typed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GenvideoException) {
            return cause;
        }
        return cause instanceof TimeoutException
                ? failure("the upload through " + shownRoute() + " did not end within the time of the request")
                : failure(cause);
    }

    private GenvideoException failure(Throwable cause) {
        if (cause instanceof GenvideoException known) {
            return known.getError().withPaid(Paid.NO).withRetryable(false).toException();
        }
        return failure("the upload through " + shownRoute() + " failed: "
                + cause.getClass().getSimpleName() + ": "
                + TextSanitizer.clean(String.valueOf(cause.getMessage()), TextSanitizer.MAX_MESSAGE));
    }

    /** Without its cause, whose message may hold credentials of the route's. */
    private GenvideoException failure(String message) {
        return GenerationError.of(ErrorCategory.SERVICE_UNAVAILABLE, provider, message)
                .withPaid(Paid.NO)
                .withRetryable(false)
                .toException();
    }

    private GenvideoException invalid(String what) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, "uploadVia=" + shownRoute() + " " + what)
                .withPaid(Paid.NO)
                .toException();
    }

    private String shownRoute() {
        return route.getEndpointBaseUri().replace("://", ":");
    }
}
