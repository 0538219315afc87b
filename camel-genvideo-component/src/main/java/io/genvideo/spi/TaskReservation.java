/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a new record; it is {@link TaskStatus#RESERVED} and owned. Provider, account, operation and time of
 * creation are required. Not thread-safe.
 */
public final class TaskReservation {
    private final String recordId;
    private @Nullable String provider;
    private @Nullable String account;
    private @Nullable Operation operation;
    private @Nullable String key;
    private String fingerprint = "";
    private @Nullable String model;
    private int attempt = 1;
    private @Nullable String owner;
    private @Nullable Object reference;
    private @Nullable Instant createdAt;

    TaskReservation(String recordId) {
        this.recordId = recordId;
    }

    public TaskReservation provider(String value) {
        provider = value;
        return this;
    }

    /** @param value {@code provider/account name} */
    public TaskReservation account(String value) {
        account = value;
        return this;
    }

    public TaskReservation operation(Operation value) {
        operation = value;
        return this;
    }

    /** @param value the idempotency key without its scope, or {@code null} for none */
    public TaskReservation key(@Nullable String value) {
        key = value;
        return this;
    }

    /** @param value hash of the request; empty by default */
    public TaskReservation fingerprint(String value) {
        fingerprint = value;
        return this;
    }

    public TaskReservation model(@Nullable String value) {
        model = value;
        return this;
    }

    /** @param value 1, the default, for the first paid attempt under the key */
    public TaskReservation attempt(int value) {
        attempt = value;
        return this;
    }

    public TaskReservation owner(TaskOwner value) {
        owner = value.id();
        return this;
    }

    /** @param value a String or a flat Map of Strings, Numbers and Booleans */
    public TaskReservation reference(@Nullable Object value) {
        reference = value;
        return this;
    }

    public TaskReservation createdAt(Instant value) {
        createdAt = value;
        return this;
    }

    /** @throws NullPointerException if a required field is missing; the message names it */
    public TaskRecord build() {
        return new TaskRecord(
                recordId,
                0,
                Objects.requireNonNull(provider, "provider"),
                Objects.requireNonNull(account, "account"),
                Objects.requireNonNull(operation, "operation"),
                key,
                fingerprint,
                model,
                TaskStatus.RESERVED,
                DeliveryState.OWNED,
                null,
                null,
                attempt,
                owner,
                0,
                0,
                null,
                null,
                List.of(),
                null,
                reference,
                null,
                Objects.requireNonNull(createdAt, "createdAt"),
                null,
                null,
                null);
    }
}
