/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes responses that are almost HTTP: mostly well-formed, with one or a few rules broken, so that each layer of the client
 * (status line, headers, chunks, events, redirects) is reached and meets something wrong there.
 */
final class ResponseGenerator {
    private static final String[] STATUS_LINES = {
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 100 Continue",
        "HTTP/1.1 101 Switching",
        "HTTP/1.1 204 None",
        "HTTP/1.1 206 Part",
        "HTTP/1.1 304 Same",
        "HTTP/1.1 401 Who",
        "HTTP/1.1 404 No",
        "HTTP/1.1 407 Who",
        "HTTP/1.1 429 Later",
        "HTTP/1.1 500 s3cret",
        "HTTP/1.1 503 Later",
        "HTTP/1.1 999 What",
        "HTTP/1.1 -1 x",
        "HTTP/1.1 99999999999 x",
        "HTTP/9.9 200 OK",
        "HTTP/1.1  200  OK",
        "ICY 200 OK",
        "s3cret",
        "",
        "HTTP/1.1 200 \u0000\u00ff",
        "\u0016\u0003\u0001"
    };
    private static final String[] HEADERS = {
        "Content-Type: text/event-stream",
        "Content-Type: application/json",
        "Content-Type: ;;;",
        "Content-Type: text/event-stream;",
        "Content-Type",
        ": s3cret",
        "s3cret",
        " folded",
        "X-Token: s3cret",
        "Retry-After: 0",
        "Retry-After: -1",
        "Retry-After: 99999999999999999999",
        "Connection: close",
        "Connection: keep-alive",
        "Keep-Alive: timeout=-5, max=x",
        "Set-Cookie: id=s3cret",
        "WWW-Authenticate: Basic realm=\"s3cret",
        "WWW-Authenticate: Digest ,,,=",
        "Trailer: X-T",
        "Upgrade: h2c",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, chunked",
        "Content-Encoding: gzip",
        "Content-Encoding: br, deflate",
        "Content-Length: 0",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: 5, 6",
        "Content-Length: x",
        "Content-Range: bytes 0-1/2",
        "X-\u0000: \u0000",
        "X: \u00ff\u00fe"
    };
    private static final String[] LOCATIONS = {
        "/again",
        "again?x=1",
        "//127.0.0.1:1/",
        "http://127.0.0.1:1/",
        "ftp://x/",
        "http://u:s3cret@x/",
        "",
        "?",
        "#",
        ":::",
        "http://",
        "http://[",
        "%",
        "/a|b c",
        "http://a_b.test/",
        "javascript:x",
        "http://\u00fc/",
        "\u0000"
    };
    private static final String[] EVENTS = {
        "data: {\"id\":1}\n\n", "data: a\ndata: b\n\n", "data\n\n", "data:\n\n", ": ping\n\n",
                "event: x\nid: 1\nretry: x\n\n",
        "data: a\r\rdata: b\r\n\r\n", "\ufeffdata: x\n\n", "\u0000\u0001\n\n", "\n\n\n\n", "data: half",
                "nonsense: s3cret\n",
        "data: {\"error\":\"http://http://http://?s3cret\"}\n\n", "::::\n\n"
    };
    private static final String[] CHUNK_HEADS = {
        "%x", "%x;ext=1", "%X", "0%x", " %x ", "-%x", "0x%x", "ffffffffffffffff", "fffffff", "", "zz", "%x;\"", "+%x"
    };

    private final SplittableRandom random;

    ResponseGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Pieces of one response, in Latin-1; each is written by itself. */
    List<String> next() {
        boolean events = random.nextInt(3) == 0;
        String body = events ? events() : body();
        List<String> head = new ArrayList<>();
        head.add(
                random.nextInt(3) == 0
                        ? any(STATUS_LINES)
                        : events || random.nextBoolean() ? STATUS_LINES[0] : redirect());
        if (events) {
            head.add(HEADERS[0]);
        }
        if (head.get(0).contains(" 30")) {
            head.add("Location: " + any(LOCATIONS));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            head.add(random.nextInt(40) == 0 ? "X-Long: " + "x".repeat(random.nextInt(40_000)) : any(HEADERS));
        }
        if (random.nextInt(40) == 0) {
            for (int i = random.nextInt(500); i > 0; i--) {
                head.add("X-Many: " + i);
            }
        }
        String framed = switch (random.nextInt(4)) {
            case 0 -> {
                head.add("Content-Length: " + (body.length() + (random.nextInt(4) == 0 ? random.nextInt(-3, 4) : 0)));
                yield body;
            }
            case 1 -> body;
            default -> {
                head.add("Transfer-Encoding: chunked");
                yield chunks(body);
            }
        };
        String end = random.nextInt(10) == 0 ? "\n" : "\r\n";
        String response = String.join(end, head) + end + (random.nextInt(30) == 0 ? "" : end) + framed;
        return pieces(random.nextInt(8) == 0 ? mutated(response) : response);
    }

    private String redirect() {
        return random.nextInt(3) == 0 ? "HTTP/1.1 30" + random.nextInt(9) + " Elsewhere" : any(STATUS_LINES);
    }

    private String events() {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            all.append(any(EVENTS));
        }
        if (random.nextInt(20) == 0) {
            all.append("data: ")
                    .append(any(EVENTS).repeat(random.nextInt(3_000)).replace('\n', ' '))
                    .append("\n\n");
        }
        return all.toString();
    }

    private String body() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "{\"id\":1}";
            case 2 -> "s3cret \u0000\u00ff".repeat(random.nextInt(500));
            default -> "x".repeat(random.nextInt(20_000));
        };
    }

    private String chunks(String body) {
        StringBuilder framed = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int size = Math.min(body.length() - at, 1 + random.nextInt(5_000));
            String chunkHead = random.nextInt(20) == 0 ? any(CHUNK_HEADS) : CHUNK_HEADS[0];
            framed.append(chunkHead.formatted(size)).append("\r\n").append(body, at, at + size);
            framed.append(random.nextInt(30) == 0 ? "" : "\r\n");
            at += size;
        }
        return framed
                + (random.nextInt(8) == 0
                        ? ""
                        : "0\r\n" + (random.nextInt(8) == 0 ? any(HEADERS) + "\r\n" : "") + "\r\n");
    }

    private String mutated(String response) {
        StringBuilder changed = new StringBuilder(response);
        for (int i = 1 + random.nextInt(4); i > 0 && !changed.isEmpty(); i--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(4)) {
                case 0 -> changed.setCharAt(at, (char) random.nextInt(256));
                case 1 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(20)));
                case 2 ->
                    changed.insert(at, changed.substring(at, Math.min(changed.length(), at + random.nextInt(200))));
                default -> changed.setLength(at);
            }
        }
        return changed.toString();
    }

    private List<String> pieces(String response) {
        if (random.nextInt(3) > 0 || response.isEmpty()) {
            return List.of(response);
        }
        List<String> pieces = new ArrayList<>();
        int at = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            int end = at + random.nextInt(response.length() - at + 1);
            pieces.add(response.substring(at, end));
            at = end;
        }
        pieces.add(response.substring(at));
        return pieces;
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
