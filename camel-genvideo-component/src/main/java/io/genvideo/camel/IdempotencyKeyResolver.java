/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.engine.Fingerprint;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency key of a request: the one that the message gives, or one that is derived from where the message comes from,
 * so that a message which its source sends again attaches to the task that it has made (docs/design.md section 4.3).
 */
final class IdempotencyKeyResolver {
    private static final Set<String> JMS = Set.of("jms", "activemq", "activemq6", "amqp", "sjms", "sjms2");
    private static final Set<String> KAFKA = Set.of("kafka");

    private final String provider;
    private final IdempotencyMode mode;

    IdempotencyKeyResolver(String provider, IdempotencyMode mode) {
        this.provider = provider;
        this.mode = mode;
    }

    /**
     * The key, or {@code null} if the message has none and needs none.
     *
     * @param repetition how many equal requests this part of the message has made before
     * @throws GenvideoException if it needs one: the option requires it, or its source may send it again
     * @throws IOException if its file can't be read
     */
    @Nullable
    String key(Exchange exchange, GenerationRequest request, String fingerprint, int repetition) throws IOException {
        String given = request.idempotencyKey();
        if (given != null) {
            return given;
        }
        if (mode == IdempotencyMode.off) {
            return null;
        }
        String source = origin(exchange, request);
        if (source != null) {
            String repeated = repetition == 0 ? "" : "/repetition=" + repetition;
            return "auto:" + Fingerprint.of(source + RequestKey.part(exchange) + repeated, fingerprint);
        }
        if (mode == IdempotencyMode.required) {
            throw invalid("idempotency=required, but the message has no header " + GenvideoConstants.IDEMPOTENCY_KEY
                    + " and comes from no source that identifies it");
        }
        if (exchange.isTransacted() || isRedeliveredBySource(exchange)) {
            throw invalid("the exchange is " + (exchange.isTransacted() ? "transacted" : "redelivered by its source")
                    + " and has no idempotency key, so that a rollback would pay again: set the header "
                    + GenvideoConstants.IDEMPOTENCY_KEY + ", or idempotency=off to accept that");
        }
        return null;
    }

    /** The header too, because Camel does not hand the mark of the message on to the parts of a split or multicast. */
    private static boolean isRedeliveredBySource(Exchange exchange) {
        return exchange.isExternalRedelivered()
                || Boolean.parseBoolean(exchange.getMessage().getHeader("JMSRedelivered", "", String.class));
    }

    /**
     * Where the message comes from, as far as that identifies it. Only what the source itself has set: a header alone proves
     * nothing, because whoever calls a route by HTTP can set it.
     */
    private static @Nullable String origin(Exchange exchange, GenerationRequest request) throws IOException {
        Message in = exchange.getMessage();
        if (in.getBody() instanceof WrappedFile<?> file) {
            return file(file, in, request);
        }
        if (exchange.getProperty(ExchangePropertyKey.FILE_EXCHANGE_FILE) instanceof WrappedFile<?> file) {
            return file(file, in, request);
        }
        if (isFrom(exchange, JMS)) {
            Object id = in.getHeader("JMSMessageID");
            return id == null ? null : "jms:" + id;
        }
        if (isFrom(exchange, KAFKA)) {
            Object offset = in.getHeader("kafka.OFFSET");
            return offset == null
                    ? null
                    : "kafka:" + in.getHeader("kafka.TOPIC") + ":" + in.getHeader("kafka.PARTITION") + ":" + offset;
        }
        return null;
    }

    private static boolean isFrom(Exchange exchange, Set<String> schemes) {
        Endpoint source = exchange.getFromEndpoint();
        String uri = source == null ? "" : source.getEndpointUri();
        return schemes.contains(uri.substring(0, Math.max(0, uri.indexOf(':'))));
    }

    /** With its content: another picture may be written under the same name, with the same size and time. */
    private static @Nullable String file(WrappedFile<?> wrapped, Message in, GenerationRequest request)
            throws IOException {
        if (wrapped.getFile() instanceof File file && file.isFile()) {
            return "file:" + file.getAbsolutePath() + ":" + file.length() + ":" + file.lastModified() + ":"
                    + content(file.toPath(), request);
        }
        Object path = in.getHeader("CamelFileAbsolutePath");
        Object modified = in.getHeader(Exchange.FILE_LAST_MODIFIED);
        return path == null || modified == null
                ? null
                : "file:" + path + ":" + wrapped.getFileLength() + ":" + modified;
    }

    private static String content(Path path, GenerationRequest request) throws IOException {
        for (MediaInput input : request.inputs()) {
            if (input.source() instanceof MediaSource.Local local
                    && local.contentId() != null
                    && local.path().equals(path)) {
                return local.contentId();
            }
        }
        return ContentId.of(path);
    }

    private GenvideoException invalid(String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException();
    }
}
