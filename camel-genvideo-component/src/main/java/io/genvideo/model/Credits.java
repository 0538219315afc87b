/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An account's balance.
 *
 * @param available what can be spent now
 * @param unit what the service counts in: {@code points}, {@code credits} or {@code USD}
 * @param details the service's own breakdown, by its own names
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Credits(@Nullable BigDecimal available, String unit, Map<String, Object> details) {
    public Credits {
        details = Map.copyOf(details);
    }
}
