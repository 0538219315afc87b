/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.TaskStatus;

/**
 * How many records stand alike.
 *
 * @param account {@code provider/account name}
 */
public record TaskCount(String account, TaskStatus status, DeliveryState delivery, long records) {}
