/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import io.genvideo.model.Operation;

/**
 * An idempotency key with its scope.
 *
 * @param account the account's name, which includes its provider: {@code ima/default}
 * @param key the user's key, or the hash of the source identity
 */
public record TaskKey(String account, Operation operation, String key) {}
