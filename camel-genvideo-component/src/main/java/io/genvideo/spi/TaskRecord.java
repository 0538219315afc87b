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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of the journal: all that must survive to neither pay twice nor lose a paid result. Holds no credential and no
 * prompt.
 *
 * @param version counts the writes; a write names the version it was made from
 * @param provider the provider's name
 * @param account {@code provider/account name}
 * @param key the idempotency key, without its scope; {@code null} if the task has none
 * @param fingerprint hash of what was asked for
 * @param model as the user named it until the plan stands, then as the service names it
 * @param taskId the service's id; {@code null} before acceptance
 * @param attempt 1 for the first paid attempt under this key, then counted up
 * @param owner who watches it or delivers its outcome; {@code null} once nobody has to
 * @param creates how many create calls were journalled for this record
 * @param deliveries how often the outcome was given to an exchange
 * @param raw the service's last answer, without the prompt that some repeat
 * @param availableAt before this the outcome is not offered to consumers; {@code null} for at once
 * @param reference what the route gave to recognise the task by: a String or a flat Map
 * @param submittingAt when the last create call was about to leave
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
        raw = RawResponse.withoutPrompts(raw);
        owner = wantsOwner(status, delivery) ? owner : null;
    }

    /** A record that has claimed nothing yet. */
    public static TaskRecord reserved(
            String recordId,
            String provider,
            String account,
            Operation operation,
            @Nullable String key,
            String fingerprint,
            @Nullable String model,
            int attempt,
            @Nullable String owner,
            @Nullable Object reference,
            Instant now) {
        return new TaskRecord(
                recordId,
                0,
                provider,
                account,
                operation,
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
                now,
                null,
                null,
                null);
    }

    /** Whether somebody has to watch this task, or to say what became of its outcome. */
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
     * Why the task failed. A record without a reason was left by a process that ended while its create call was under way.
     */
    public GenerationError failure() {
        if (error != null) {
            return error;
        }
        return GenerationError.of(
                        ErrorCategory.UNCERTAIN_SUBMISSION,
                        provider,
                        "the create call of this task was under way when its process ended")
                .withPaid(Paid.UNKNOWN)
                .at(recordId, taskId);
    }

    /** As a route sees it. */
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

    /** The same content as another write of it. */
    public TaskRecord atVersion(long value) {
        Builder b = toBuilder();
        b.version = value;
        return b.build();
    }

    /** The same without what {@code retention} does not keep; enough to answer for its key. */
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

    /** Changes some fields of a record; {@link #build} counts the version up. Not thread-safe. */
    public static final class Builder {
        private final TaskRecord base;
        private long version;
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

        public Builder status(TaskStatus value) {
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

        public Builder raw(@Nullable Map<String, Object> value) {
            raw = value;
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
                    base.key,
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
