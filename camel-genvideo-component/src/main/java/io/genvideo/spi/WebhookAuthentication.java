/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/** How the component authenticates a webhook request of a service. */
public enum WebhookAuthentication {
    /** The service sends nothing to webhooks. */
    NONE,
    /** The service signs requests with a secret: option {@code webhookVerifyToken}. */
    SIGNATURE,
    /** Requests are unsigned: an unguessable path, made from option {@code webhookVerifyToken}, is the only proof. */
    PATH_TOKEN
}
