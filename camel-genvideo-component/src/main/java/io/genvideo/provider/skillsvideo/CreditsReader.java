/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.skillsvideo;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.Credits;
import io.genvideo.provider.support.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reads the balance. Its shape is not documented (docs/contracts/skillsvideo.md section 7), so usual names are looked for, and
 * everything that is a number
 * is shown as it is.
 */
final class CreditsReader {
    private static final List<String> TOTALS =
            List.of("total", "available", "balance", "remaining", "credits", "total_credits");
    private static final List<String> PLACES = List.of("data", "credits", "balance", "usage");

    private CreditsReader() {}

    static Credits read(JsonNode answer) {
        JsonNode holder = Stream.concat(Stream.of(answer), PLACES.stream().map(answer::path))
                .filter(place -> TOTALS.stream().anyMatch(t -> Json.decimal(place.get(t)) != null))
                .findFirst()
                .orElse(answer);
        BigDecimal available = TOTALS.stream()
                .map(t -> Json.decimal(holder.get(t)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        Map<String, Object> details = new LinkedHashMap<>();
        Json.fields(holder).forEach((name, value) -> {
            BigDecimal number = Json.decimal(value);
            if (number != null) {
                details.put(name, number);
            }
        });
        return new Credits(available, "credits", details);
    }
}
