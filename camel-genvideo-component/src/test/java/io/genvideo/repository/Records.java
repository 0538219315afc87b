/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records for the tests of repositories. */
final class Records {
    static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");
    static final String PROVIDER = "scripted";
    static final String ACCOUNT = "scripted/default";
    static final TaskOwner ME = new TaskOwner("1-100", "mine");
    static final TaskOwner OTHER = new TaskOwner("2-200", "other");

    private Records() {}

    static TaskRecord fresh(String id, String key) {
        return fresh(id, key, ACCOUNT, Operation.TEXT_TO_VIDEO, START);
    }

    static TaskRecord fresh(String id, String key, String account, Operation operation, Instant createdAt) {
        String provider = account.substring(0, account.indexOf('/'));
        return TaskRecord.reservation(id)
                .provider(provider)
                .account(account)
                .operation(operation)
                .key(key)
                .fingerprint("f")
                .owner(ME)
                .reference("order " + id)
                .createdAt(createdAt)
                .build();
    }

    static String taskOf(String id) {
        return "task of " + id;
    }

    static TaskRecord moved(TaskRecord record, TaskStatus status, DeliveryState delivery) {
        TaskRecord.Builder next = changed(record, status).delivery(delivery);
        return status == TaskStatus.RESERVED || status == TaskStatus.SUBMITTING
                ? next.build()
                : next.taskId(taskOf(record.recordId())).build();
    }

    /** Changes the status, through others where the table of allowed changes requires it. */
    static TaskRecord.Builder changed(TaskRecord record, TaskStatus status) {
        TaskRecord.Builder next = record.toBuilder();
        return record.status().mayBecome(status)
                ? next.status(status)
                : next.status(TaskStatus.SUBMITTING).status(status);
    }

    /** Every field is set, some to values that are hard to store. */
    static TaskRecord full() {
        return new TaskRecord(
                "r-äöü-視頻-🎬",
                0,
                PROVIDER,
                ACCOUNT,
                Operation.IMAGE_TO_VIDEO,
                "the key's \"quotes\", \\ and\nlines 🎬",
                "sha256:0f",
                "wan/2.6 視頻",
                TaskStatus.SUCCEEDED,
                DeliveryState.OWNED,
                "task '; DROP TABLE GENVIDEO_TASK; --",
                "state=" + "s".repeat(10_000),
                7,
                ME.id(),
                3,
                2,
                START.plusSeconds(1),
                new BigDecimal("12.500"),
                List.of(
                        new Media(
                                URI.create("https://media.example/a%20b.mp4?x=1&y=%C3%A4#t"),
                                MediaKind.VIDEO,
                                "video/mp4",
                                URI.create("https://media.example/a.jpg"),
                                5.04,
                                1280,
                                720,
                                123_456_789_012L),
                        new Media(
                                URI.create("https://media.example/b"),
                                MediaKind.OTHER,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)),
                new GenerationError(
                        ErrorCategory.GENERATION_FAILED,
                        "it gave up: ⚠️ \"why\"",
                        PROVIDER,
                        "E7",
                        502,
                        "task",
                        "record",
                        true,
                        Paid.UNKNOWN,
                        List.of("kling", "wan")),
                reference(),
                raw(),
                START,
                START.plusSeconds(2),
                START.plusSeconds(3),
                START.plusSeconds(4));
    }

    /** All that may be null, is. */
    static TaskRecord bare() {
        return new TaskRecord(
                "bare",
                0,
                PROVIDER,
                ACCOUNT,
                Operation.GENERATE,
                null,
                "",
                null,
                TaskStatus.RESERVED,
                DeliveryState.OWNED,
                null,
                null,
                1,
                ME.id(),
                0,
                0,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                null);
    }

    /** An int, a long that would fit into one, and a decimal are three things for the route that gave them. */
    static Map<String, Object> reference() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", "cat 猫.png");
        map.put("Long", "a text under the name of a type");
        map.put("yes", true);
        map.put("int", 5);
        map.put("long", 5L);
        map.put("double", 5.0);
        map.put("notANumber", Double.NaN);
        map.put("float", 0.1f);
        map.put("short", (short) 5);
        map.put("decimal", new BigDecimal("5.00"));
        map.put("integer", BigInteger.TEN.pow(30));
        map.put("nothing", null);
        return map;
    }

    /** As Jackson reads an answer. */
    static Map<String, Object> raw() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", "done ✓");
        map.put("n", 1);
        map.put("size", 5_000_000_000L);
        map.put("seconds", 5.04);
        map.put("nothing", null);
        map.put("list", Arrays.asList(1, "two", null, Map.of("three", 3.5)));
        map.put("text", "ä\u0001\u2028".repeat(350_000));
        return map;
    }
}
