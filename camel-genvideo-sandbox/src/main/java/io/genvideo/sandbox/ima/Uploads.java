/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.ima;

import io.genvideo.sandbox.Answer;
import io.genvideo.sandbox.Ledger;
import io.genvideo.sandbox.Request;
import io.genvideo.sandbox.media.MediaStore;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/** The upload hosts: a signed request gives a presigned URL for the PUT (docs/contracts/ima.md section 4). */
final class Uploads {
    private static final String APP_ID = "webAgent";
    /** Public constant of the service's own clients. */
    private static final String APP_KEY = "32jdskjdk320eew";

    private static final Set<String> QUERY = Set.of(
            "appUid",
            "appId",
            "appKey",
            "cmimToken",
            "sign",
            "timestamp",
            "nonce",
            "fService",
            "fType",
            "fSuffix",
            "fContentType");
    private static final Map<String, String> KINDS = Map.of("picture", "image/", "video", "video/", "audio", "audio/");
    private static final String OSS = "/ima-upload/oss/";

    /** A token request is expected to be fresh; whether the service checks it is not known. */
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);

    private static final int REMEMBERED_NONCES = 10_000;
    /** Presigned URLs that are still valid; beyond it the oldest expire. */
    private static final int REMEMBERED_GRANTS = 50_000;

    private record Grant(String contentType, String query) {}

    private final MediaStore media;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Envelope envelope;
    private final Predicate<String> knownKey;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Grant> grants = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Grant> eldest) {
            return size() > REMEMBERED_GRANTS;
        }
    });
    private final Set<String> nonces = new LinkedHashSet<>();

    Uploads(MediaStore media, Ledger ledger, InstantSource clock, Envelope envelope, Predicate<String> knownKey) {
        this.media = media;
        this.ledger = ledger;
        this.clock = clock;
        this.envelope = envelope;
        this.knownKey = knownKey;
    }

    /** {@code GET /api/rest/oss/getuploadtoken}. */
    Answer token(Request request) {
        Map<String, List<String>> query = request.query();
        List<String> wrong = complaints(query);
        wrong.forEach(w -> ledger.violation(ImaService.NAME, "upload-token", w));
        if (!wrong.isEmpty()) {
            return envelope.error(400, wrong.get(0));
        }
        if (!knownKey.test(one(query, "appUid"))) {
            return envelope.error(401, "invalid user");
        }
        Instant now = clock.instant();
        noteAge(now, one(query, "timestamp"), one(query, "nonce"));
        String key = "webAgent/privite/"
                + DateTimeFormatter.ofPattern("yyyy/MM/dd")
                        .withZone(ZoneOffset.UTC)
                        .format(now) + "/"
                + now.toEpochMilli() + "_" + Ledger.hash(one(query, "appUid")).substring(0, 8) + "_"
                + UUID.randomUUID() + "." + one(query, "fSuffix");
        byte[] secret = new byte[20];
        random.nextBytes(secret);
        String signature = Base64.getEncoder().encodeToString(secret);
        long expires = now.getEpochSecond() + 7 * 86_400;
        String presigned = "Expires=" + expires + "&OSSAccessKeyId=sandbox&Signature="
                + URLEncoder.encode(signature, StandardCharsets.UTF_8);
        grants.put(key, new Grant(one(query, "fContentType"), presigned));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("ful", request.origin() + OSS + key + "?" + presigned);
        data.put("fdl", request.origin() + "/media/in/" + key);
        data.put("ful_expire", expires);
        data.put("fdl_expire", expires);
        data.put("fdl_key", key);
        return Envelope.success(0, data);
    }

    private void noteAge(Instant now, String timestamp, String nonce) {
        Duration skew = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        if (skew.compareTo(MAX_SKEW) > 0) {
            ledger.note(ImaService.NAME, "upload-token", "timestamp is more than 15 minutes off");
        }
        synchronized (nonces) {
            if (!nonces.add(nonce)) {
                ledger.note(ImaService.NAME, "upload-token", "nonce used twice");
            }
            if (nonces.size() > REMEMBERED_NONCES) {
                nonces.remove(nonces.iterator().next());
            }
        }
    }

    private static List<String> complaints(Map<String, List<String>> query) {
        List<String> wrong = new ArrayList<>();
        for (String name : new TreeSet<>(QUERY)) {
            List<String> values = query.get(name);
            if (values == null || values.size() != 1 || values.get(0).isEmpty()) {
                wrong.add("query parameter " + name + " must be there once");
            }
        }
        query.keySet().stream().filter(k -> !QUERY.contains(k)).forEach(k -> wrong.add("unknown query parameter " + k));
        if (!wrong.isEmpty()) {
            return wrong;
        }
        check(wrong, one(query, "appUid").startsWith("ima_"), "appUid must be the API key");
        check(wrong, one(query, "cmimToken").equals(one(query, "appUid")), "cmimToken must be the API key too");
        check(wrong, one(query, "appId").equals(APP_ID), "appId must be " + APP_ID);
        check(wrong, one(query, "appKey").equals(APP_KEY), "appKey is wrong");
        check(wrong, one(query, "timestamp").matches("\\d{10}"), "timestamp must be Unix seconds");
        check(wrong, one(query, "nonce").matches("[0-9A-Za-z]{21}"), "nonce must be 21 letters or digits");
        check(wrong, one(query, "fService").equals("privite"), "fService must be privite");
        check(wrong, one(query, "fSuffix").matches("[a-z0-9]{1,8}"), "fSuffix must be a lower-case file ending");
        String kind = KINDS.get(one(query, "fType"));
        check(wrong, kind != null, "fType must be picture, video or audio");
        String type = one(query, "fContentType");
        check(wrong, kind == null || type.startsWith(kind), "fContentType " + type + " is not of fType");
        check(
                wrong,
                one(query, "sign").equals(sign(one(query, "timestamp"), one(query, "nonce"))),
                "sign is not the upper-case SHA-1 of appId|appKey|timestamp|nonce");
        return wrong;
    }

    private static void check(List<String> wrong, boolean condition, String what) {
        if (!condition) {
            wrong.add(what);
        }
    }

    private static String one(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of("")).get(0);
    }

    /** Signature of a token request. */
    static String sign(String timestamp, String nonce) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            String text = APP_ID + "|" + APP_KEY + "|" + timestamp + "|" + nonce;
            return HexFormat.of().withUpperCase().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** {@code PUT} to a presigned URL; the same bytes again are fine, others are not. */
    Answer put(Request request) throws IOException {
        String key = request.path().substring(OSS.length());
        Grant grant = grants.get(key);
        if (grant == null) {
            return refuse(403, "AccessDenied", "PUT to a URL that was not presigned");
        }
        if (!grant.query().equals(request.rawQuery())) {
            return refuse(403, "SignatureDoesNotMatch", "PUT without the presigned query, or with a changed one");
        }
        if (request.header("Authorization") != null) {
            return refuse(400, "InvalidArgument", "Authorization header on a presigned URL");
        }
        if (request.header("x-api-key") != null) {
            return refuse(400, "InvalidArgument", "x-api-key header on a presigned URL");
        }
        if (request.length() == 0) {
            return refuse(400, "MissingArgument", "an upload without a byte");
        }
        if (!grant.contentType().equals(request.header("Content-Type"))) {
            return refuse(
                    403,
                    "SignatureDoesNotMatch",
                    "Content-Type " + request.header("Content-Type") + " is not the declared " + grant.contentType());
        }
        if (request.length() > MediaStore.MAX_UPLOAD) {
            return refuse(400, "EntityTooLarge", "upload of " + request.length() + " bytes");
        }
        String path = "/media/in/" + key;
        String before = media.find(path).map(MediaStore.Media::hash).orElse("");
        try {
            MediaStore.Media stored = media.upload(ImaService.NAME, path, grant.contentType(), request.body());
            if (!before.isEmpty() && !before.equals(stored.hash())) {
                ledger.violation(ImaService.NAME, "upload-put", "another PUT with other bytes to the same URL");
            }
            return Answer.of(200, "application/xml", new byte[0]).with("ETag", "\"" + stored.hash() + "\"");
        } catch (MediaStore.TooLargeException e) {
            return refuse(400, "EntityTooLarge", e.getMessage() + " uploaded");
        } catch (MediaStore.NotMediaException e) {
            return refuse(400, "InvalidArgument", String.valueOf(e.getMessage()));
        }
    }

    private Answer refuse(int status, String code, String what) {
        ledger.violation(ImaService.NAME, "upload-put", what);
        return Answer.text(
                status,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code></Error>\n");
    }
}
