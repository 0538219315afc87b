/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What authorises a call. Its text form does not show it.
 *
 * @param userId of an anonymous user, for the registration link; {@code null} for a token that was given
 * @param expiresAt {@code null} if it is not known
 */
record AccessToken(
        String value, @Nullable String userId, @Nullable Instant expiresAt) {

    boolean isValidAt(Instant time) {
        return expiresAt == null || time.isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
