/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.model.ErrorCategory;
import io.genvideo.model.GenerationError;
import io.genvideo.spi.PlannedGeneration;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Whether a request may be sent at its price. */
final class PriceCheck {
    private PriceCheck() {}

    /**
     * @param limit of the request; {@code null} for none
     * @return why it is too expensive; {@code null} if it is not
     */
    static @Nullable GenerationError aboveLimit(
            PlannedGeneration planned, @Nullable BigDecimal limit, String provider) {
        BigDecimal price = planned.credits();
        if (limit == null || price == null || price.compareTo(limit) <= 0) {
            return null;
        }
        return error(
                provider, "the price of " + price.toPlainString() + " is above the limit of " + limit.toPlainString());
    }

    /**
     * The catalogue behind a request was out of date, and the request is planned again.
     *
     * @return that it has become more expensive; {@code null} if it has not
     */
    static @Nullable GenerationError risen(PlannedGeneration stale, PlannedGeneration fresh, String provider) {
        BigDecimal before = stale.credits();
        BigDecimal now = fresh.credits();
        if (before == null || now == null || now.compareTo(before) <= 0) {
            return null;
        }
        return error(
                provider,
                "the price rose from " + before.toPlainString() + " to " + now.toPlainString()
                        + " since it was read; not sent again. Send the message again to accept the new price");
    }

    private static GenerationError error(String provider, String message) {
        return GenerationError.of(ErrorCategory.COST_LIMIT_EXCEEDED, provider, message);
    }
}
