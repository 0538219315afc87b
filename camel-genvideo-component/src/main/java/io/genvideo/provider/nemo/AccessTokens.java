/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.provider.support.ApiKey;
import io.genvideo.provider.support.Json;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.provider.support.ServiceErrors;
import io.genvideo.provider.support.ServiceText;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The token of an account: the one that was given, or that of an anonymous user (docs/contracts/nemo.md section 3). The service
 * issues one anonymous token for each client id in 7 days and ten for each address, so that it is requested once in its life and
 * kept in a {@link TokenFile}.
 */
final class AccessTokens {
    private static final String REQUESTING = "requesting an anonymous token";

    /** A token that the service rejects so soon is not replaced: another one would be rejected, too. */
    private static final Duration RENEWED_AGAIN_AFTER = Duration.ofMinutes(5);

    /** The window of the service's limit is 7 days; a person may have changed the address meanwhile. */
    private static final Duration REFUSED_FOR = Duration.ofHours(1);

    /** A token must not expire on its way. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final NemoRequests requests;
    private final ServiceCalls calls;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ApiKey given;
    private final @Nullable TokenFile file;
    private volatile @Nullable AccessToken anonymous;

    AccessTokens(
            AccountSettings account,
            NemoRequests requests,
            ServiceCalls calls,
            InstantSource clock,
            RandomGenerator random) {
        this.requests = requests;
        this.calls = calls;
        this.clock = clock;
        this.random = random;
        given = new ApiKey(
                account.apiKey(),
                "NEMO_TOKEN",
                NemoErrors.TOKEN_PAGE + ", or set settings[" + TokenFile.SETTING + "] for an anonymous one",
                NemoErrors.ERRORS);
        boolean isGiven = account.apiKey() != null && !account.apiKey().isBlank();
        file = isGiven ? null : tokenFile(account.setting(TokenFile.SETTING));
    }

    private static @Nullable TokenFile tokenFile(@Nullable String path) {
        try {
            return path == null || path.isBlank() ? null : new TokenFile(Path.of(path.trim()));
        } catch (InvalidPathException e) {
            throw NemoErrors.ERRORS.invalid("settings[" + TokenFile.SETTING + "] is no path of a file", e);
        }
    }

    /** Whether a token that the service rejects can be replaced. */
    boolean isRenewable() {
        return file != null;
    }

    /**
     * Fails unless there is a token that can be sent, or a file for an anonymous one.
     *
     * @throws io.genvideo.model.AuthenticationException names the option and the environment variable
     */
    void check() {
        if (file == null) {
            given.value();
        }
    }

    /** Hides the token that is in use. */
    ServiceText text() {
        AccessToken token = anonymous;
        return token != null
                ? ServiceText.hiding(token.value())
                : file == null ? ServiceText.hiding(given.value()) : ServiceText.hiding();
    }

    /** Where an anonymous user can register to keep videos and buy credits; empty for a token that was given. */
    String registration() {
        AccessToken token = anonymous;
        String user = token == null ? null : token.userId();
        return user == null || !user.matches("[A-Za-z0-9_-]{1,100}")
                ? ""
                : "; register this anonymous user at " + NemoErrors.SITE + "/register?bind=" + user;
    }

    /** The token to use now; requested if there is none. */
    CompletableFuture<AccessToken> current(CallOptions options) {
        TokenFile shared = file;
        if (shared == null) {
            return ServiceCalls.attempt(
                    () -> CompletableFuture.completedFuture(new AccessToken(given.value(), null, null)));
        }
        AccessToken token = anonymous;
        return token != null && isUsable(token)
                ? CompletableFuture.completedFuture(token)
                : shared.exclusively(() -> readOrRequest(shared, null, options));
    }

    /**
     * The token to use after the service has rejected one: that which somebody else has requested meanwhile, or a new one.
     * Fails with an authentication error if the rejected one was new, or was given.
     */
    CompletableFuture<AccessToken> renewed(AccessToken rejected, CallOptions options) {
        TokenFile shared = file;
        return shared == null
                ? CompletableFuture.failedFuture(NemoErrors.ERRORS.unauthenticated("the token is not accepted"))
                : shared.exclusively(() -> readOrRequest(shared, rejected.value(), options));
    }

    private boolean isUsable(AccessToken token) {
        return token.isValidAt(clock.instant().plus(MARGIN));
    }

    private CompletableFuture<AccessToken> readOrRequest(
            TokenFile shared, @Nullable String rejected, CallOptions options) {
        TokenFile.Content content = shared.read();
        AccessToken token = content == null ? null : content.token();
        if (content != null && token != null && isUsable(token)) {
            if (!token.value().equals(rejected)) {
                anonymous = token;
                return CompletableFuture.completedFuture(token);
            }
            if (isAfter(content.issuedAt(), RENEWED_AGAIN_AFTER)) {
                throw NemoErrors.ERRORS.unauthenticated(
                        "the service does not accept the anonymous token that it has just issued");
            }
        }
        if (content != null && content.refusedUntil() != null && clock.instant().isBefore(content.refusedUntil())) {
            throw refused("HTTP 429", null).toException();
        }
        TokenFile.Content known = content == null ? new TokenFile.Content(clientId(), null, null, null) : content;
        // the client id first: it is what the service counts by, and a process may die before the response
        shared.write(known);
        return request(shared, known, options);
    }

    private boolean isAfter(@Nullable Instant time, Duration ago) {
        return time != null && time.isAfter(clock.instant().minus(ago));
    }

    private String clientId() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return "camel-genvideo-" + HexFormat.of().formatHex(bits);
    }

    private CompletableFuture<AccessToken> request(TokenFile shared, TokenFile.Content known, CallOptions options) {
        return calls.send(
                requests.anonymousToken(known.clientId()),
                options,
                answer -> issued(shared, known, answer),
                failure -> {
                    throw NemoErrors.ERRORS.noAnswer(REQUESTING, failure).toException(ServiceErrors.unwrap(failure));
                });
    }

    private AccessToken issued(TokenFile shared, TokenFile.Content known, GatewayResponse answer) {
        JsonNode data = NemoEnvelope.data(answer).orElse(null);
        String value = data == null ? null : Json.text(data.get("token"));
        if (data == null || value == null || !value.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            GenerationError error = NemoErrors.errorOf(REQUESTING, answer, ServiceText.hiding(value));
            if (answer.status() == 429 || error.category() == ErrorCategory.RATE_LIMITED) {
                Instant until = clock.instant().plus(REFUSED_FOR);
                shared.write(new TokenFile.Content(known.clientId(), known.token(), known.issuedAt(), until));
                throw refused(error.message(), answer.status()).toException();
            }
            throw error.toException();
        }
        AccessToken token =
                new AccessToken(value, Json.text(data.get("user_id")), TokenFile.instant(data.get("expires_at")));
        shared.write(new TokenFile.Content(known.clientId(), token, clock.instant(), null));
        anonymous = token;
        return token;
    }

    private static GenerationError refused(String reason, @Nullable Integer status) {
        return GenerationError.of(
                        ErrorCategory.RATE_LIMITED,
                        NemoErrors.NAME,
                        "the service issues one anonymous token for each client and ten for each address in 7 days, and"
                                + " refuses another one now (" + reason + "); set a token of your own (option apiKey or"
                                + " environment variable NEMO_TOKEN), made at " + NemoErrors.TOKEN_PAGE)
                .withCode("429", Objects.requireNonNullElse(status, 429));
    }
}
