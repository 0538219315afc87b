/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the requests of one account (docs/contracts/wiro.md section 2). The key of the hash is the API key, its message the secret
 * followed by the nonce. A nonce is the time in milliseconds, and more than the one before, whichever endpoint that was for: the
 * service may refuse one that comes twice. Thread-safe.
 */
final class RequestSignature {
    private static final String ALGORITHM = "HmacSHA256";

    private final String secret;
    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    RequestSignature(String secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
    }

    /** The two headers of the next request. */
    List<Map.Entry<String, String>> headers(String apiKey) {
        String nonce = Long.toString(last.updateAndGet(before -> Math.max(before + 1, clock.millis())));
        return List.of(Map.entry("x-nonce", nonce), Map.entry("x-signature", of(apiKey, secret, nonce)));
    }

    /** 64 lower-case hexadecimal digits. */
    static String of(String apiKey, String secret, String nonce) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(apiKey.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal((secret + nonce).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "RequestSignature";
    }
}
