/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.SandboxConfig;
import java.util.Optional;

/** Holds the credentials of a request against the projects (docs/contracts/wiro.md sections 2 and 8). */
final class Credentials {
    private final SandboxConfig config;
    private final Ledger ledger;
    private final Nonces nonces = new Nonces();

    Credentials(SandboxConfig config, Ledger ledger) {
        this.config = config;
        this.ledger = ledger;
    }

    static String key(Request request) {
        String key = request.header("x-api-key");
        return key == null ? "" : key;
    }

    /** The account of a request whose credentials are right. */
    static String account(Request request) {
        return Ledger.account(key(request));
    }

    void forget() {
        nonces.clear();
    }

    /** Returns the answer to wrong credentials; empty if they are right. */
    Optional<Answer> refused(Request request, String route) {
        String key = key(request);
        if (key.isBlank()) {
            return refuse(route, "the header x-api-key is missing", Responses.UNKNOWN_KEY);
        }
        Optional<String> secret = Signature.secret(config, key);
        if (secret.isEmpty()) {
            return Optional.of(Responses.error(0, Responses.UNKNOWN_KEY, 401));
        }
        String nonce = request.header("x-nonce");
        String signature = request.header("x-signature");
        if (nonce == null && signature == null && config.wiroProjects().isEmpty()) {
            return Optional.empty();
        }
        if (secret.get().isEmpty()) {
            if (signature != null) {
                ledger.note(WiroService.NAME, route, "a signature for a project without signatures");
            }
            return Optional.empty();
        }
        if (nonce == null || nonce.isEmpty() || signature == null) {
            return refuse(route, "x-nonce or x-signature is missing", Responses.SIGNATURE_REQUIRED);
        }
        return signed(route, key, secret.get(), nonce, signature);
    }

    private Optional<Answer> signed(String route, String key, String secret, String nonce, String signature) {
        String hex = signature.replaceFirst("^(SHA2-256)?\\(stdin\\)= ", "");
        if (!Signature.isValid(key, secret, nonce, hex)) {
            String mistake = Signature.mistake(key, secret, nonce, hex);
            return refuse(route, "a wrong signature: " + mistake, Responses.INVALID_SIGNATURE);
        }
        if (!hex.equals(signature)) {
            ledger.note(WiroService.NAME, route, "a signature with the prefix of openssl");
        }
        Optional<String> complaint =
                nonces.complaint(Ledger.account(key), nonce, config.clock().instant());
        if (complaint.isPresent() && config.wiroStrictNonces()) {
            return refuse(route, complaint.get(), Responses.INVALID_SIGNATURE);
        }
        complaint.ifPresent(what -> ledger.note(WiroService.NAME, route, what));
        return Optional.empty();
    }

    private Optional<Answer> refuse(String route, String what, String message) {
        ledger.violation(WiroService.NAME, route, what);
        return Optional.of(Responses.error(0, message, 401));
    }
}
