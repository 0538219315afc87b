/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.util.List;
import java.util.Locale;
import org.apache.camel.spi.HttpResponseAware;
import org.jspecify.annotations.Nullable;

/**
 * Every failure of a generation or of a call about one. The subclasses are what a route would catch one by one.
 *
 * <p>{@link #getMessage()} is for logs and operators; {@link #getUserMessage()} is for the person who waits for the
 * video: what to do next, without codes.
 */
public abstract class GenvideoException extends RuntimeException implements HttpResponseAware {
    private static final long serialVersionUID = 1L;

    private final GenerationError error;
    private Locale locale = Locale.ENGLISH;
    private int httpResponseCode;
    private @Nullable String httpResponseStatus;

    protected GenvideoException(GenerationError error, @Nullable Throwable cause) {
        super(describe(error), cause);
        this.error = error;
        this.httpResponseCode = error.category().httpStatus();
    }

    /** All that is known, as it is journalled. */
    public GenerationError getError() {
        return error;
    }

    public ErrorCategory getCategory() {
        return error.category();
    }

    public String getProvider() {
        return error.provider();
    }

    public @Nullable String getProviderCode() {
        return error.providerCode();
    }

    /** The task id at the service, or {@code null} if there is none. */
    public @Nullable String getHandle() {
        return error.handle();
    }

    /** Our own id of the task, or {@code null} if the failure came before there was one. */
    public @Nullable String getRecordId() {
        return error.recordId();
    }

    public boolean isRetryable() {
        return error.retryable();
    }

    public Paid getPaid() {
        return error.paid();
    }

    /** One or two models to try instead; often empty. */
    public List<String> getAlternatives() {
        return error.alternatives();
    }

    /** What the person who waits should do next, in the endpoint's {@code language}, else in English. */
    public String getUserMessage() {
        return userMessageIn(locale);
    }

    /**
     * The same in a language of the caller's choice. Not an overload: Camel's languages could not distinguish the two.
     *
     * @param language English and Chinese are there; any other gives English
     */
    public String userMessageIn(Locale language) {
        return UserMessages.of(error, language);
    }

    /** @param language of {@link #getUserMessage()} */
    public void setLocale(Locale language) {
        locale = language;
    }

    /**
     * The HTTP status that fits the category, so that a REST route can answer with it: 400 to 599, unless it was set. The
     * status of the service's own response is {@link GenerationError#httpStatus()}, which may be 200 for a refusal.
     */
    @Override
    public int getHttpResponseCode() {
        return httpResponseCode;
    }

    @Override
    public void setHttpResponseCode(int code) {
        httpResponseCode = code;
    }

    @Override
    public @Nullable String getHttpResponseStatus() {
        return httpResponseStatus;
    }

    @Override
    public void setHttpResponseStatus(@Nullable String status) {
        httpResponseStatus = status;
    }

    private static String describe(GenerationError error) {
        StringBuilder text = new StringBuilder(error.provider()).append(": ").append(error.message());
        if (error.providerCode() != null) {
            text.append(" (code ").append(error.providerCode()).append(')');
        }
        if (error.handle() != null) {
            text.append(" [task ").append(error.handle()).append(']');
        }
        if (error.recordId() != null) {
            text.append(" [record ").append(error.recordId()).append(']');
        }
        return text.toString();
    }
}
