/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * What proves a request for an upload address (docs/contracts/ima.md section 4.4): SHA-1 over application, its public key, time
 * and a nonce.
 * It is a plain digest and covers neither the API key nor the file.
 */
final class UploadSignature {
    static final String APP_ID = "webAgent";

    /** Public: every client of the service carries it in clear. It identifies the application, not the account. */
    static final String APP_KEY = "32jdskjdk320eew";

    private static final int NONCE_LENGTH = 21;
    private static final String NONCE_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private UploadSignature() {}

    /**
     * Upper-case hex.
     *
     * @param timestamp Unix seconds
     */
    static String of(String timestamp, String nonce) {
        String signed = String.join("|", APP_ID, APP_KEY, timestamp, nonce);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(signed.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** 21 letters and digits. */
    static String nonce(RandomGenerator random) {
        StringBuilder nonce = new StringBuilder(NONCE_LENGTH);
        for (int i = 0; i < NONCE_LENGTH; i++) {
            nonce.append(NONCE_LETTERS.charAt(random.nextInt(NONCE_LETTERS.length())));
        }
        return nonce.toString();
    }
}
