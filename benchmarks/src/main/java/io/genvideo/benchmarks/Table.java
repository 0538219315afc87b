/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What was measured: one line for each figure, as text and as JSON. */
final class Table {
    private final List<Line> lines = new ArrayList<>();

    /**
     * @param ideal empty if there is none
     * @param met {@code yes}, {@code no}, or {@code -} if there is no goal
     * @param note what a reader of the figure has to know: above all, what else the machine did
     */
    record Line(String what, String ideal, String component, String goal, String met, String note) {}

    void add(Line line) {
        lines.add(line);
        System.out.println(text(line));
    }

    List<Line> lines() {
        return lines;
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** The median. */
    static double middle(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    static String met(boolean value) {
        return value ? "yes" : "no";
    }

    /** As a table of Markdown. */
    String text() {
        StringBuilder text =
                new StringBuilder("| what | ideal | component | goal | met | note |\n|---|---|---|---|---|---|\n");
        lines.forEach(line -> text.append(text(line)).append('\n'));
        return text.toString();
    }

    private static String text(Line line) {
        return "| " + String.join(" | ", line.what, line.ideal, line.component, line.goal, line.met, line.note) + " |";
    }

    String json() {
        ArrayNode all = new ObjectMapper().createArrayNode();
        for (Line line : lines) {
            ObjectNode node = all.addObject();
            node.put("what", line.what).put("ideal", line.ideal).put("component", line.component);
            node.put("goal", line.goal).put("met", line.met).put("note", line.note);
        }
        return all.toPrettyString();
    }
}
