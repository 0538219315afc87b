/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import org.jspecify.annotations.Nullable;

/** What a request to a webhook turned out to be. */
public sealed interface WebhookEvent {

    /**
     * The service has sent it, just now. Its content is a hint: the status of the task is read from the service.
     *
     * @param deliveryId the same for the same event that is sent again
     * @param taskId the task that it is about; {@code null} if it names none
     */
    record Genuine(String deliveryId, @Nullable String taskId) implements WebhookEvent {}

    /**
     * Not, or not provably, from the service, or too old.
     *
     * @param why for the log; names neither the secret nor what the signature should have been
     */
    record Refused(String why) implements WebhookEvent {}
}
