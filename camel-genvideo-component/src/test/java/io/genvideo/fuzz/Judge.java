/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenvideoException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The invariants that every foreign text has to leave intact. */
final class Judge {
    static final String PROMPT = "a red kite above a very secret harbour, seen from the north";
    static final String NEGATIVE = "no fog at all over the quiet water";
    static final String KEY = "ima_0123456789abcdef0123456789abcdef";
    static final String SIGNATURE = "OSSsignature8f3a9c0d7e6b5a41";

    static final String PRESIGNED = "https://bucket.oss.example.com/a.png?Expires=1&Signature=" + SIGNATURE;

    /** What the code that sends a request knows, and so must not show if the service quotes it. */
    static final List<String> KNOWN = List.of(PROMPT, NEGATIVE, KEY, PRESIGNED);

    /** A poll knows no prompt but the one that the response itself names so. */
    static final List<String> QUOTED_TO_A_POLL = List.of(KEY, PRESIGNED);

    private static final int MOST_MESSAGE = 4000;
    private static final int MOST_CODE = 200;
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build());

    /** No response of a service is nested as deep as this: deeper ones need not be read. */
    private static final JsonMapper SHALLOW = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(30).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Judges what a request has led to: the provider knows its prompts. */
    static final Judge OF_REQUEST =
            new Judge(Map.of("prompt", PROMPT, "negative prompt", NEGATIVE, "key", KEY, "signature", SIGNATURE));

    /** Judges what knows the account alone. */
    static final Judge OF_ACCOUNT = new Judge(Map.of("key", KEY, "signature", SIGNATURE));

    private final Map<String, String> secrets;

    private Judge(Map<String, String> secrets) {
        this.secrets = secrets;
    }

    /** Judges what a poll has led to: of the prompts it knows the one that the response names so. */
    static Judge ofPoll(byte[] body, String promptAt) {
        JsonNode said = object(body);
        boolean known = said != null && said.at(promptAt).asText().equals(PROMPT);
        return known ? new Judge(Map.of("prompt", PROMPT, "key", KEY, "signature", SIGNATURE)) : OF_ACCOUNT;
    }

    /** @return {@code null} for what is no JSON object, or one that is nested deeper than any response */
    static @Nullable JsonNode object(byte[] body) {
        return object(body, SHALLOW);
    }

    static boolean isObject(byte[] body) {
        return object(body, MAPPER) != null;
    }

    private static @Nullable JsonNode object(byte[] body, JsonMapper mapper) {
        try {
            JsonNode node = mapper.readTree(body);
            return node != null && node.isObject() ? node : null;
        } catch (IOException e) {
            return null;
        }
    }

    static boolean isText(@Nullable JsonNode node) {
        return node != null && node.isTextual() && !node.textValue().isBlank();
    }

    /**
     * What a call came to.
     *
     * @return its value, or the exception if it is one that a route can catch
     * @throws AssertionError for every other exception, and for a stage that does not end
     */
    Object settled(Supplier<? extends CompletionStage<?>> call) {
        CompletableFuture<?> future;
        try {
            future = call.get().toCompletableFuture();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "thrown instead of returned: " + e.getClass().getName(), e);
        }
        if (!future.isDone()) {
            throw new AssertionError("the stage does not end");
        }
        try {
            Object value = future.join();
            if (value == null) {
                throw new AssertionError("completed with null");
            }
            return value;
        } catch (CompletionException e) {
            if (e.getCause() instanceof GenvideoException known) {
                clean(known.getError());
                clean("message", known.getMessage(), MOST_MESSAGE + 100);
                clean("user message", known.getUserMessage(), MOST_MESSAGE + 100);
                for (Throwable t = known.getCause(); t != null; t = t.getCause()) {
                    secretFree("cause", t.toString());
                }
                return known;
            }
            throw new AssertionError(
                    "outside the family: " + e.getCause().getClass().getName(), e.getCause());
        }
    }

    void clean(GenerationError error) {
        clean("message", error.message(), MOST_MESSAGE);
        if (error.providerCode() != null) {
            clean("code", error.providerCode(), MOST_CODE);
        }
        error.alternatives().forEach(a -> clean("alternative", a, MOST_CODE));
    }

    /** Foreign text that is shown is short, in one line, and free of secrets. */
    void clean(String where, String text, int most) {
        secretFree(where, text);
        if (text.length() > most) {
            throw new AssertionError(where + " of " + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                    : !Character.isLowSurrogate(c) || i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
            if (c < 32 || c == 127 || !paired) {
                throw new AssertionError(where + " with a control character or lone surrogate: "
                        + JsonMutator.printable(text.substring(0, Math.min(300, text.length()))));
            }
        }
    }

    void secretFree(String where, @Nullable String text) {
        if (text == null) {
            return;
        }
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            if (text.contains(secret.getValue())) {
                throw new AssertionError(where + " shows the " + secret.getKey() + ": "
                        + JsonMutator.printable(text.substring(0, Math.min(300, text.length()))));
            }
        }
    }

    /** What a record keeps of a response: can be written as JSON, and holds no secret. */
    void raw(@Nullable Map<String, Object> raw) {
        if (raw == null) {
            return;
        }
        String text;
        try {
            text = MAPPER.writeValueAsString(raw);
        } catch (JacksonException e) {
            throw new AssertionError("the raw response cannot be written", e);
        }
        // The address of a result may be signed: it is what was paid for
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            if (!secret.getValue().equals(SIGNATURE) && text.contains(secret.getValue())) {
                throw new AssertionError("the raw response shows the " + secret.getKey() + ": "
                        + JsonMutator.printable(text.substring(0, Math.min(600, text.length()))));
            }
        }
    }
}
