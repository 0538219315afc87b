/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

import io.genvideo.sandbox.SandboxConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a request (docs/contracts/wiro.md section 2): HMAC-SHA256 with the API key as the key and the secret followed
 * by the nonce as the message.
 */
final class Signature {
    private Signature() {}

    /** The secret of a key; empty if the key is of a project without signatures; absent if the key is unknown. */
    static Optional<String> secret(SandboxConfig config, String key) {
        return config.wiroProjects().isEmpty()
                ? Optional.of(SandboxConfig.DEFAULT_WIRO_SECRET)
                : Optional.ofNullable(config.wiroProjects().get(key));
    }

    static String of(String key, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static boolean isValid(String key, String secret, String nonce, String signature) {
        return MessageDigest.isEqual(
                of(key, secret + nonce).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    /** What a client probably did to arrive at a wrong signature. */
    static String mistake(String key, String secret, String nonce, String signature) {
        if (signature.equals(of(secret, key + nonce))) {
            return "the key and the secret are swapped";
        } else if (signature.equals(of(key, nonce + secret))) {
            return "the nonce stands before the secret";
        } else if (signature.equals(of(key, secret + nonce + "\n"))) {
            return "a line feed is signed too";
        } else if (signature.equalsIgnoreCase(of(key, secret + nonce))) {
            return "it is not lower-case hexadecimal";
        }
        return "it is not the HMAC-SHA256 of secret and nonce";
    }
}
