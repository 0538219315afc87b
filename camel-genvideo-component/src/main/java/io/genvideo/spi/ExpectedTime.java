/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.time.Duration;

/**
 * How long a task usually takes from acceptance to result.
 *
 * @param least silent until then
 * @param most overdue after that
 */
public record ExpectedTime(Duration least, Duration most) {
    public ExpectedTime {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException("expected time from " + least + " to " + most);
        }
    }
}
