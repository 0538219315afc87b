/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Names that are derived from secrets and do not reveal them. */
final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String ALIAS_KEY = "camel-genvideo account alias";

    private KeyedHash() {}

    /** The name of an account whose credentials or addresses stand on a URI: the same for the same values. */
    static String accountAlias(@Nullable String... parts) {
        Mac mac = mac(ALIAS_KEY);
        for (String part : parts) {
            mac.update(Objects.requireNonNullElse(part, "").getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
        }
        return "anonymous-" + HexFormat.of().formatHex(mac.doFinal(), 0, 8);
    }

    /** The part of a webhook's path that nobody can guess: 32 hexadecimal digits. */
    static String webhookPath(String verifyToken, String provider) {
        byte[] text = ("genvideo:" + provider + "/tasks").getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(mac(verifyToken).doFinal(text), 0, 16);
    }

    private static Mac mac(String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
