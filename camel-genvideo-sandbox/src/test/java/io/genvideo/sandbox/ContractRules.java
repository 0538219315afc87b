/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of one service in docs/sandbox-rules.md as tests: the breach of each row is sent to a sandbox, and its response and the
 * ledger are compared with the row. Table and breaches must be complete.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContractRules {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (\\d+(?:\\.\\d+)?)\\.? ");
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    /** One row of the table. */
    public record Rule(String id, String section, String response, Set<String> ledger, String entry) {
        @Override
        public String toString() {
            return id;
        }
    }

    /** Prepares what a breach needs; what that does to the ledger does not count. */
    @FunctionalInterface
    public interface Breach {
        Call prepare() throws Exception;
    }

    /** The request that breaks the rule. */
    @FunctionalInterface
    public interface Call {
        /** The response as the table writes it. */
        String send() throws Exception;
    }

    private final String service;

    protected ContractRules(String service) {
        this.service = service;
    }

    protected abstract Sandbox sandbox();

    /** One breach for each row, by its id without the name of the service. */
    protected abstract Map<String, Breach> breaches();

    private String text() {
        try {
            return Files.readString(DOCS.resolve("sandbox-rules.md"));
        } catch (IOException e) {
            throw new IllegalStateException("run in a module of the project", e);
        }
    }

    List<Rule> rules() {
        return text().lines()
                .filter(line -> line.startsWith("| `" + service + "."))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::trim).toList())
                .map(c -> new Rule(
                        c.get(1).replace("`", "").substring(service.length() + 1),
                        c.get(3),
                        c.get(4),
                        Arrays.stream(c.get(5).split(", "))
                                .filter(l -> !l.equals("none"))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        c.get(6)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void answersAndBooksTheBreach(Rule rule) throws Exception {
        Breach breach = breaches().get(rule.id());
        assertThat(breach).as("a breach of " + rule.id()).isNotNull();
        Call call = breach.prepare();
        Ledger ledger = sandbox().ledger();
        long violations = ledger.violationCount();
        long notes = notes();
        int charges = ledger.creates();

        String response = call.send();

        Set<String> booked = new TreeSet<>();
        if (ledger.creates() > charges) {
            booked.add("charge");
        }
        if (ledger.violationCount() > violations) {
            booked.add("violation");
        }
        if (notes() > notes) {
            booked.add("note");
        }
        assertThat(response).isEqualTo(rule.response());
        assertThat(booked).as("ledger: %s", entries(violations)).isEqualTo(rule.ledger());
        if (!rule.entry().isEmpty()) {
            assertThat(entries(violations)).anySatisfy(e -> assertThat(e).contains(rule.entry()));
        }
    }

    private long notes() {
        return sandbox().ledger().notes().stream().mapToLong(Ledger.Note::count).sum();
    }

    private List<String> entries(long from) {
        Ledger ledger = sandbox().ledger();
        return Stream.concat(
                        ledger.violations().stream().skip(from).map(Ledger.Violation::what),
                        ledger.notes().stream().map(Ledger.Note::what))
                .toList();
    }

    @Test
    void everyBreachHasOneRow() {
        assertThat(rules().stream().map(Rule::id))
                .containsExactlyInAnyOrderElementsOf(breaches().keySet());
    }

    @Test
    void everySectionOfTheContractHasARuleOrIsNamedAsOneWithout() throws IOException {
        String contract = Files.readString(DOCS.resolve("contracts").resolve(service + ".md"));
        Set<String> sections = new TreeSet<>();
        HEADING.matcher(contract).results().forEach(m -> sections.add(m.group(1)));
        String table = text().substring(text().lastIndexOf("| `" + service + "."));
        String without = table.lines()
                .filter(l -> l.startsWith("Sections without a rule: "))
                .findFirst()
                .orElseThrow()
                .split("\\. ", 2)[0];
        Set<String> covered = NUMBER.matcher(without)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        rules().forEach(r -> covered.add(r.section()));
        assertThat(covered).isEqualTo(sections);
    }

    /** Status line, headers and body of a response to a request that an HTTP client would not send. */
    protected static String raw(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            ByteArrayOutputStream response = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(response);
            return response.toString(StandardCharsets.UTF_8);
        }
    }

    /** {@code HTTP 404}, or {@code accepted} for 2xx. */
    protected static String status(HttpResponse<?> response) {
        return response.statusCode() / 100 == 2 ? "accepted" : "HTTP " + response.statusCode();
    }
}
