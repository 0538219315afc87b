/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.Operation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;

/** The request of an exchange: from a {@link GenerationRequest} body, then headers, then the endpoint's options. */
final class RequestFactory {
    /** Of names, keys and ids. */
    private static final int MAX_NAME = 512;

    private static final int MAX_TEXT = 100_000;
    private static final int MAX_SCALE = 30;

    private final String provider;
    private final Operation operation;
    private final GenvideoConfiguration options;
    private final InputReader inputs;

    RequestFactory(String provider, Operation operation, GenvideoConfiguration options, WorkFolder workFolder) {
        this.provider = provider;
        this.operation = operation;
        this.options = options;
        this.inputs = new InputReader(provider, operation, workFolder);
    }

    /** @throws GenvideoException naming the header, the value and what is allowed, if something can't be read */
    GenerationRequest read(Exchange exchange) {
        Message in = exchange.getMessage();
        GenerationRequest body = in.getBody() instanceof GenerationRequest request ? request : null;
        if (body != null && body.operation() != null && body.operation() != operation) {
            throw invalid("the body is a request for " + body.operation().path() + ", but the endpoint does "
                    + operation.path());
        }
        GenerationOptions given = headerOptions(in).orElse(options.generationOptions());
        Map<String, Object> parameters = options.serviceParameters();
        parameters.putAll(headerParameters(in));
        GenerationRequest.Builder request = GenerationRequest.builder()
                .operation(operation)
                .model(first(header(in, GenvideoConstants.MODEL, String.class), options.getModel()))
                .prompt(first(header(in, GenvideoConstants.PROMPT, String.class), options.getPrompt()))
                .options(given)
                .parameters(parameters)
                .idempotencyKey(header(in, GenvideoConstants.IDEMPOTENCY_KEY, String.class))
                .maxCredits(maxCredits(in))
                .userId(header(in, GenvideoConstants.USER_ID, String.class));
        if (body != null) {
            overrideBy(body, given, request);
        }
        GenerationRequest soFar = request.build();
        if (soFar.inputs().isEmpty()) {
            request.inputs(readInputs(exchange, in, body));
        }
        if (soFar.prompt() == null && body == null) {
            request.prompt(promptFromBody(exchange, in));
        }
        GenerationRequest complete = request.build();
        Integer count = complete.options().count();
        if (count != null && count < 1) {
            throw invalid("'count' (option or header " + GenvideoConstants.COUNT + ") is " + count
                    + ", it must be at least 1");
        }
        checkText("prompt", GenvideoConstants.PROMPT, complete.prompt(), MAX_TEXT);
        checkText(
                "negativePrompt",
                GenvideoConstants.NEGATIVE_PROMPT,
                complete.options().negativePrompt(),
                MAX_TEXT);
        checkText("model", GenvideoConstants.MODEL, complete.model(), MAX_NAME);
        checkText("idempotencyKey", GenvideoConstants.IDEMPOTENCY_KEY, complete.idempotencyKey(), MAX_NAME);
        checkText("userId", GenvideoConstants.USER_ID, complete.userId(), MAX_NAME);
        checkMaxCredits(complete.maxCredits());
        return complete;
    }

    /** The text itself is not repeated: it may be a prompt. */
    private void checkText(String name, String header, @Nullable String text, int maxLength) {
        if (text != null && text.length() > maxLength) {
            throw invalid("'" + name + "' (header " + header + ") has " + text.length() + " characters, at most "
                    + maxLength + " are allowed");
        }
        if (text != null && !PlainText.isWritable(text)) {
            throw invalid("'" + name + "' (header " + header + ") has " + PlainText.NOT_WRITABLE);
        }
    }

    /** A number like 1e-999999999 is short, and takes a gigabyte when it is written out. */
    private void checkMaxCredits(@Nullable BigDecimal limit) {
        if (limit != null && (Math.abs((long) limit.scale()) > MAX_SCALE || limit.precision() > MAX_SCALE)) {
            throw invalid("'maxCredits' (header " + GenvideoConstants.MAX_CREDITS + ") has more than " + MAX_SCALE
                    + " digits");
        }
    }

    private static void overrideBy(GenerationRequest body, GenerationOptions given, GenerationRequest.Builder request) {
        if (body.model() != null) {
            request.model(body.model());
        }
        if (body.prompt() != null) {
            request.prompt(body.prompt());
        }
        if (body.idempotencyKey() != null) {
            request.idempotencyKey(body.idempotencyKey());
        }
        if (body.maxCredits() != null) {
            request.maxCredits(body.maxCredits());
        }
        if (body.userId() != null) {
            request.userId(body.userId());
        }
        request.options(body.options().orElse(given))
                .parameters(body.parameters())
                .inputs(body.inputs());
    }

    private List<MediaInput> readInputs(Exchange exchange, Message in, @Nullable GenerationRequest body) {
        Object header = in.getHeader(GenvideoConstants.INPUTS);
        if (header != null) {
            return inputs.read(exchange, header, "header " + GenvideoConstants.INPUTS);
        }
        Object content = in.getBody();
        boolean isMedia = content != null
                && body == null
                && (content instanceof GenerationTask
                        || !operation.isFromText() && !(operation == Operation.GENERATE && isPlainText(content)));
        return isMedia ? inputs.read(exchange, content, "body") : List.of();
    }

    private @Nullable String promptFromBody(Exchange exchange, Message in) {
        Object content = in.getBody();
        boolean isPrompt = operation.isFromText() && !(content instanceof GenerationTask)
                || operation == Operation.GENERATE && isPlainText(content);
        if (!isPrompt || content instanceof Iterable<?> && !(content instanceof Path) || content instanceof Map<?, ?>) {
            return null;
        }
        return content instanceof Path path
                ? exchange.getContext().getTypeConverter().convertTo(String.class, exchange, path.toFile())
                : exchange.getMessage().getBody(String.class);
    }

    private static boolean isPlainText(@Nullable Object content) {
        return content instanceof String text && !InputReader.isUrl(text);
    }

    private GenerationOptions headerOptions(Message in) {
        return new GenerationOptions(
                header(in, GenvideoConstants.DURATION, Double.class),
                header(in, GenvideoConstants.RESOLUTION, String.class),
                header(in, GenvideoConstants.ASPECT_RATIO, String.class),
                header(in, GenvideoConstants.NEGATIVE_PROMPT, String.class),
                header(in, GenvideoConstants.SEED, Long.class),
                header(in, GenvideoConstants.COUNT, Integer.class),
                header(in, GenvideoConstants.AUDIO, Boolean.class));
    }

    private Map<String, Object> headerParameters(Message in) {
        Object given = in.getHeader(GenvideoConstants.PARAMETERS);
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw invalid("header " + GenvideoConstants.PARAMETERS + " is a "
                    + given.getClass().getSimpleName() + ", it must be a Map from names to values");
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value != null) {
                parameters.put(String.valueOf(name), value);
            }
        });
        return parameters;
    }

    /** Camel has no converter to BigDecimal, and a route writes a number or a text. */
    private @Nullable BigDecimal maxCredits(Message in) {
        String text = header(in, GenvideoConstants.MAX_CREDITS, String.class);
        if (text == null) {
            return null;
        }
        try {
            return new BigDecimal(text.trim());
        } catch (NumberFormatException e) {
            throw wrongType(GenvideoConstants.MAX_CREDITS, BigDecimal.class, text);
        }
    }

    private <T> @Nullable T header(Message in, String name, Class<T> type) {
        Object value = in.getHeader(name);
        if (value == null || value instanceof String text && text.isBlank()) {
            return null;
        }
        try {
            T converted = in.getExchange().getContext().getTypeConverter().tryConvertTo(type, in.getExchange(), value);
            if (converted != null) {
                return converted;
            }
        } catch (TypeConversionException e) {
            throw wrongType(name, type, value);
        }
        throw wrongType(name, type, value);
    }

    private GenvideoException wrongType(String name, Class<?> type, Object value) {
        boolean shown = value instanceof Number || value instanceof String text && text.length() <= 40;
        return invalid("header " + name
                + (shown ? " is '" + value + "'" : " is a " + value.getClass().getSimpleName()) + ", it must be "
                + (type == Boolean.class ? "true or false" : type == String.class ? "a text" : wanted(type)));
    }

    private static String wanted(Class<?> type) {
        return type == Integer.class || type == Long.class ? "a whole number" : "a number";
    }

    private GenvideoException invalid(String message) {
        return GenerationError.of(ErrorCategory.INVALID_REQUEST, provider, message)
                .toException();
    }

    private static <T> @Nullable T first(@Nullable T preferred, @Nullable T fallback) {
        return preferred != null ? preferred : fallback;
    }
}
