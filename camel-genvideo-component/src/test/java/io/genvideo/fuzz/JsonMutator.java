/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes hostile texts of valid JSON: changes its structure first (fields dropped, doubled, renamed, of another type, nested
 * deep, with numbers and texts that hurt), then at times its text (cut off, other encodings, something that is no JSON).
 */
public final class JsonMutator {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Random random;
    private final List<String> words;
    private final List<String> quotes;

    /**
     * @param words of the service: field names and values that mean something to the code
     * @param quotes texts that a service may repeat and that nobody may see, such as the prompt
     */
    public JsonMutator(Random random, List<String> words, List<String> quotes) {
        this.random = random;
        this.words = words;
        this.quotes = quotes;
    }

    /** A value that can be changed in place. */
    private sealed interface Node {}

    private static final class Tree implements Node {
        final boolean isObject;
        final List<String> names = new ArrayList<>();
        final List<Node> values = new ArrayList<>();

        Tree(boolean isObject) {
            this.isObject = isObject;
        }

        Tree add(String name, Node value) {
            names.add(name);
            values.add(value);
            return this;
        }
    }

    /** A piece of JSON text, or of something that is none. */
    private record Token(String text) implements Node {}

    private record Place(Tree parent, int index) {}

    public byte[] mutate(String sample) {
        Node[] root = {tree(parsed(sample))};
        int changes = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            change(root);
        }
        StringBuilder text = new StringBuilder();
        write(root[0], text);
        return random.nextInt(6) == 0 ? mangled(text) : bytes(text);
    }

    private static JsonNode parsed(String sample) {
        try {
            return MAPPER.readTree(sample);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node tree(JsonNode node) {
        if (!node.isContainerNode()) {
            return new Token(node.toString());
        }
        Tree tree = new Tree(node.isObject());
        if (node.isObject()) {
            node.properties().forEach(e -> tree.add(e.getKey(), tree(e.getValue())));
        } else {
            node.forEach(e -> tree.add("", tree(e)));
        }
        return tree;
    }

    private static Node copy(Node node) {
        if (node instanceof Tree tree) {
            Tree copy = new Tree(tree.isObject);
            for (int i = 0; i < tree.values.size(); i++) {
                copy.add(tree.names.get(i), copy(tree.values.get(i)));
            }
            return copy;
        }
        return node;
    }

    private static void places(Node node, List<Place> all) {
        if (node instanceof Tree tree) {
            for (int i = 0; i < tree.values.size(); i++) {
                all.add(new Place(tree, i));
                places(tree.values.get(i), all);
            }
        }
    }

    private void change(Node[] root) {
        List<Place> all = new ArrayList<>();
        places(root[0], all);
        if (all.isEmpty()) {
            root[0] = hostile();
            return;
        }
        Place place = all.get(random.nextInt(all.size()));
        Tree in = place.parent;
        int at = place.index;
        Node value = in.values.get(at);
        switch (random.nextInt(13)) {
            case 0 -> {
                in.names.remove(at);
                in.values.remove(at);
            }
            case 1 -> {
                in.names.add(at, in.names.get(at));
                in.values.add(at, copy(value));
            }
            case 2 -> in.add(in.names.get(at), hostile());
            case 3 ->
                in.names.set(
                        at, random.nextBoolean() ? word() : in.names.get(at).toUpperCase(Locale.ROOT));
            case 4, 5 -> in.values.set(at, hostile());
            case 6 -> {
                Place other = all.get(random.nextInt(all.size()));
                in.values.set(at, copy(other.parent.values.get(other.index)));
            }
            case 7 -> in.values.set(at, new Tree(false).add("", value));
            case 8 -> in.values.set(at, new Tree(true).add(word(), value));
            case 9 -> in.values.set(at, new Token(otherType(value)));
            case 10 -> {
                if (value instanceof Tree tree) {
                    repeat(tree);
                } else {
                    in.values.set(at, hostile());
                }
            }
            case 11 -> {
                if (value instanceof Tree tree) {
                    Collections.shuffle(tree.values, random);
                    tree.add(word(), hostile());
                } else {
                    in.add(word(), hostile());
                }
            }
            default -> in.add(word(), hostile());
        }
    }

    private void repeat(Tree tree) {
        if (tree.values.isEmpty()) {
            return;
        }
        int at = random.nextInt(tree.values.size());
        int times = 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 4);
        for (int i = 0; i < times; i++) {
            tree.add(tree.isObject ? tree.names.get(at) : "", copy(tree.values.get(at)));
        }
    }

    private static String otherType(Node value) {
        if (value instanceof Tree tree) {
            return tree.isObject ? "[]" : "{}";
        }
        String text = ((Token) value).text;
        if (text.startsWith("\"")) {
            String inner = text.substring(1, text.length() - 1);
            return inner.matches("-?\\d{1,15}") ? inner : "true";
        }
        return quoted(text);
    }

    private String word() {
        return words.get(random.nextInt(words.size()));
    }

    private String quote() {
        return random.nextBoolean() ? word() : quotes.get(random.nextInt(quotes.size()));
    }

    private Node hostile() {
        return new Token(
                switch (random.nextInt(12)) {
                    case 0 -> number();
                    case 1 -> one("null", "true", "false", "{}", "[]", "\"\"", "\" \"", "[null]", "{\"\":null}");
                    case 2 -> nested();
                    case 3 -> url();
                    case 4 -> quoted(long_());
                    case 5 -> oddText();
                    case 6 -> quoted(word() + " " + quote() + ": " + word());
                    case 7 ->
                        quoted("Sorry, \"" + quote() + "\" at " + one("https://h.example.com/x?a=b", "", "\n")
                                + quote());
                    case 8 -> quoted(quote());
                    default -> quoted(word());
                });
    }

    private String number() {
        return one(
                "0",
                "1",
                "-1",
                "2",
                "3",
                "200",
                "404",
                "429",
                "6006",
                "0.0",
                "-0",
                "2147483648",
                "9223372036854775808",
                "1e999",
                "-1e999",
                "1e200000000",
                "1e-100000000",
                "-0.1e2147483647",
                "1E99999999999999999999",
                "9".repeat(1 + random.nextInt(3000)),
                "0." + "0".repeat(random.nextInt(3000)) + "1",
                "NaN",
                "0x10",
                "01",
                ".5");
    }

    private String nested() {
        int depth = List.of(3, 30, 60, 900, 5000, 30_000).get(random.nextInt(6));
        return switch (random.nextInt(3)) {
            case 0 -> "[".repeat(depth) + "]".repeat(depth);
            case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
            default -> "[".repeat(depth) + "{\"" + word() + "\":" + quoted(word()) + "}" + "]".repeat(depth);
        };
    }

    private String url() {
        return quoted(one(
                "https://cdn.example.com/a.mp4",
                "http://127.0.0.1:8080/internal",
                "http://169.254.169.254/latest",
                "http://[::1]/x",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "//cdn.example.com/a.mp4",
                "/relative/a.mp4",
                "a.mp4",
                "https://a_b.example.com/a.mp4",
                "https://m\u00fcnchen.example/\u00fc|a b.mp4",
                "https://user:password@example.com/a.mp4",
                "https://example.com:99999/a",
                "https://",
                "http://" + "h.".repeat(3000) + "example/",
                "http://".repeat(2000),
                "https://cdn.example.com/" + "%41".repeat(3000),
                "https://cdn.example.com/a.mp4?Expires=1&Signature=" + Judge.SIGNATURE));
    }

    private String long_() {
        String unit = one(
                "x", "ab ", "http://h ", "key=", "\\", "\u00e4", "\ud83d\ude00", quote() + " ", "\"'", "data: ", "1");
        int length = List.of(300, 300, 5000, 70_000, 200_000).get(random.nextInt(5));
        return unit.repeat(Math.max(1, length / unit.length()));
    }

    /** Texts that no well-meant service sends, already in their JSON form. */
    private String oddText() {
        return one(
                "\"\\ud800\"",
                "\"a\\udfff\\ud800b\"",
                "\"\\u0000\"",
                "\"a\\u0000b\\u001b[31mred\\u0007\"",
                "\"line\\r\\nX-Injected: yes\\r\\n\\r\\nbody\"",
                "\"\\u202e\\u2066right to left\"",
                "\"\\ufeff\"",
                "\"\u0001\"",
                "\"tab\there\"",
                "\"unfinished",
                "'single'",
                "undefined");
    }

    /** Changes the text itself. */
    private byte[] mangled(StringBuilder text) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> text.setLength(text.length() == 0 ? 0 : random.nextInt(text.length()));
            case 4 -> text.insert(random.nextInt(text.length() + 1), (char) random.nextInt(256));
            case 5 -> text.insert(0, one("\ufeff", ")]}',\n", "\n\n  ", "/* c */"));
            case 6 -> text.append(text);
            case 7 -> {
                return text.toString()
                        .getBytes(random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1);
            }
            case 8 -> text.insert(0, "<html><body><h1>502 " + quote() + "</h1>").append("</body></html>");
            default -> {
                String whole = one(
                        "",
                        " ",
                        "null",
                        "[]",
                        "0",
                        "\"" + word() + "\"",
                        quote(),
                        "[".repeat(100_000),
                        "{".repeat(50_000));
                text.setLength(0);
                text.append(whole);
            }
        }
        return bytes(text);
    }

    private byte[] bytes(StringBuilder text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(60) == 0) {
            // a byte that is no UTF-8
            bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x7f));
        }
        return bytes;
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    private static void write(Node node, StringBuilder out) {
        if (node instanceof Token token) {
            out.append(token.text);
            return;
        }
        Tree tree = (Tree) node;
        out.append(tree.isObject ? '{' : '[');
        for (int i = 0; i < tree.values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            if (tree.isObject) {
                out.append(quoted(tree.names.get(i))).append(':');
            }
            write(tree.values.get(i), out);
        }
        out.append(tree.isObject ? '}' : ']');
    }

    /** With control characters and lone surrogates escaped. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> {
            if (c == '\n' || c >= 32 && c < 127) {
                out.append((char) c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        });
        return out.toString();
    }
}
