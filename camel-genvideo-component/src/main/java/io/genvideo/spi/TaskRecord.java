/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Media;
import io.genvideo.model.Operation;
import io.genvideo.model.Paid;
import io.genvideo.model.TaskStatus;
import io.genvideo.model.TextSanitizer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of the journal: everything that must survive a crash so that no task is paid twice and no paid result is lost.
 * It holds no credential and no prompt. A status changes only as {@link TaskStatus#mayBecome} allows; {@link Builder#status}
 * enforces that.
 *
 * @param version the number of writes; the fencing token of its owner, because a claim increments it
 * @param provider the provider's name
 * @param account {@code provider/account name}
 * @param key the idempotency key, without its scope; {@code null} if the task has none
 * @param fingerprint hash of the request
 * @param model as the user named it until the request is planned, then as the service names it
 * @param taskId the service's id; {@code null} before acceptance
 * @param providerState opaque state of the provider, journalled from {@link TaskStatus#SUBMITTING} on
 * @param attempt 1 for the first paid attempt under this key, then incremented
 * @param owner {@linkplain TaskOwner#id id} of the engine that polls the task or delivers its outcome; {@code null} if none has to
 * @param creates how many create calls were journalled for this record
 * @param deliveries how often the outcome was given to an exchange
 * @param raw the service's last response, without the prompt that some services repeat in it
 * @param availableAt before this the outcome is not offered to consumers; {@code null} for at once
 * @param reference what the route uses to recognise the task: a String or a flat Map
 * @param submittingAt when the last create call was announced
 */
public record TaskRecord(
        String recordId,
        long version,
        String provider,
        String account,
        Operation operation,
        @Nullable String key,
        String fingerprint,
        @Nullable String model,
        TaskStatus status,
        DeliveryState delivery,
        @Nullable String taskId,
        @Nullable String providerState,
        int attempt,
        @Nullable String owner,
        int creates,
        int deliveries,
        @Nullable Instant availableAt,
        @Nullable BigDecimal credits,
        List<Media> media,
        @Nullable GenerationError error,
        @Nullable Object reference,
        @Nullable Map<String, Object> raw,
        Instant createdAt,
        @Nullable Instant submittingAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant finishedAt) {

    public TaskRecord {
        media = List.copyOf(media);
        owner = wantsOwner(status, delivery) ? owner : null;
    }

    /** Describes a task before anything has been sent for it. */
    public static TaskReservation reservation(String recordId) {
        return new TaskReservation(recordId);
    }

    /** Whether an engine has to poll this task, or to record whether its outcome was delivered. */
    public boolean wantsOwner() {
        return wantsOwner(status, delivery);
    }

    private static boolean wantsOwner(TaskStatus status, DeliveryState delivery) {
        boolean open = !status.isTerminal() && status != TaskStatus.UNCERTAIN;
        return delivery == DeliveryState.OWNED || open && delivery != DeliveryState.PARKED;
    }

    /** The key with its scope, or {@code null} if the task has no key. */
    public @Nullable TaskKey scopedKey() {
        return key == null ? null : new TaskKey(account, operation, key);
    }

    /** @throws IllegalStateException if the service has not accepted the task */
    public SubmittedTask submitted() {
        return new SubmittedTask(
                recordId,
                Objects.requireNonNull(taskId, "no task id in record " + recordId),
                operation,
                model,
                providerState);
    }

    /**
     * Why the task failed. A record without an error was left by a process that ended while its create call was in flight.
     */
    public GenerationError failure() {
        if (error != null) {
            return error;
        }
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        provider,
                        "the create call of this task was in flight when its process ended")
                .withPaid(Paid.UNKNOWN)
                .at(recordId, taskId);
    }

    /** The task as routes receive it. */
    public GenerationTask toTask() {
        String accountName = account.substring(account.indexOf('/') + 1);
        return new GenerationTask(
                taskId,
                recordId,
                provider,
                accountName,
                operation,
                model,
                status,
                media,
                credits,
                createdAt,
                acceptedAt,
                finishedAt,
                reference,
                error,
                raw);
    }

    /** The same content at another version. */
    public TaskRecord atVersion(long value) {
        Builder b = toBuilder();
        b.version = value;
        return b.build();
    }

    /** The same content without a key, because another record has it. */
    public TaskRecord withoutKey() {
        Builder b = toBuilder();
        b.version = version;
        b.key = null;
        return b.build();
    }

    /** The same without what the option {@code retention} drops; it still holds its key. */
    public TaskRecord withoutResult() {
        Builder b = toBuilder();
        b.media = List.of();
        b.raw = null;
        b.reference = null;
        return b.build();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Changes some fields of a record; {@link #build} increments the version, so that the write is refused if another
     * engine has written the record since it was read. Not thread-safe.
     */
    public static final class Builder {
        private final TaskRecord base;
        private long version;
        private @Nullable String key;
        private @Nullable String model;
        private TaskStatus status;
        private DeliveryState delivery;
        private @Nullable String taskId;
        private @Nullable String providerState;
        private @Nullable String owner;
        private int creates;
        private int deliveries;
        private @Nullable Instant availableAt;
        private @Nullable BigDecimal credits;
        private List<Media> media;
        private @Nullable GenerationError error;
        private @Nullable Object reference;
        private @Nullable Map<String, Object> raw;
        private @Nullable Instant submittingAt;
        private @Nullable Instant acceptedAt;
        private @Nullable Instant finishedAt;

        private Builder(TaskRecord base) {
            this.base = base;
            version = base.version + 1;
            key = base.key;
            model = base.model;
            status = base.status;
            delivery = base.delivery;
            taskId = base.taskId;
            providerState = base.providerState;
            owner = base.owner;
            creates = base.creates;
            deliveries = base.deliveries;
            availableAt = base.availableAt;
            credits = base.credits;
            media = base.media;
            error = base.error;
            reference = base.reference;
            raw = base.raw;
            submittingAt = base.submittingAt;
            acceptedAt = base.acceptedAt;
            finishedAt = base.finishedAt;
        }

        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        /**
         * @param value one that the table in {@link TaskStatus#mayBecome} allows after the present status of this builder
         * @throws IllegalStateException if the table forbids the change
         */
        public Builder status(TaskStatus value) {
            if (!status.mayBecome(value)) {
                throw new IllegalStateException(
                        "record " + base.recordId + " can't change from " + status + " to " + value);
            }
            status = value;
            return this;
        }

        public Builder delivery(DeliveryState value) {
            delivery = value;
            return this;
        }

        public Builder taskId(@Nullable String value) {
            taskId = value;
            return this;
        }

        public Builder providerState(@Nullable String value) {
            providerState = value;
            return this;
        }

        public Builder owner(@Nullable String value) {
            owner = value;
            return this;
        }

        public Builder creates(int value) {
            creates = value;
            return this;
        }

        public Builder deliveries(int value) {
            deliveries = value;
            return this;
        }

        public Builder availableAt(@Nullable Instant value) {
            availableAt = value;
            return this;
        }

        public Builder credits(@Nullable BigDecimal value) {
            credits = value;
            return this;
        }

        public Builder media(List<Media> value) {
            media = value;
            return this;
        }

        public Builder error(@Nullable GenerationError value) {
            error = value;
            return this;
        }

        /** Keeps a response of the service {@linkplain TextSanitizer#cleanAnswer clean}: without prompts and signatures. */
        public Builder raw(@Nullable Map<String, Object> value) {
            raw = value == null ? null : TextSanitizer.cleanAnswer(value, List.of());
            return this;
        }

        public Builder submittingAt(@Nullable Instant value) {
            submittingAt = value;
            return this;
        }

        public Builder acceptedAt(@Nullable Instant value) {
            acceptedAt = value;
            return this;
        }

        public Builder finishedAt(@Nullable Instant value) {
            finishedAt = value;
            return this;
        }

        public TaskRecord build() {
            return new TaskRecord(
                    base.recordId,
                    version,
                    base.provider,
                    base.account,
                    base.operation,
                    key,
                    base.fingerprint,
                    model,
                    status,
                    delivery,
                    taskId,
                    providerState,
                    base.attempt,
                    owner,
                    creates,
                    deliveries,
                    availableAt,
                    credits,
                    media,
                    error,
                    reference,
                    raw,
                    base.createdAt,
                    submittingAt,
                    acceptedAt,
                    finishedAt);
        }
    }
}
