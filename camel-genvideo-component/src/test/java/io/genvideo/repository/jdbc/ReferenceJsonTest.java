/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceJsonTest {
    @Test
    void readsWhatItWrites() {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("name", "photo.jpg");
        reference.put("long", 5L);
        reference.put("integer", 5);
        reference.put("price", new BigDecimal("1.50"));
        reference.put("large", BigInteger.TEN.pow(3000));
        reference.put("draft", true);
        reference.put("nothing", null);

        assertThat(ReferenceJson.read(ReferenceJson.write(reference))).isEqualTo(reference);
    }

    /** A number of 200,000 digits takes seconds to read. */
    @ParameterizedTest
    @ValueSource(strings = {"BigDecimal", "BigInteger", "Double"})
    void refusesANumberThatNoRouteCanHaveGiven(String type) {
        String json = "{\"price\":{\"" + type + "\":\"" + "1".repeat(200_000) + "\"}}";

        assertThatThrownBy(() -> ReferenceJson.read(json))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a record holds a reference with a number that cannot be read");
    }

    @Test
    void refusesANumberThatIsNoText() {
        assertThatThrownBy(() -> ReferenceJson.read("{\"price\":{\"BigDecimal\":7}}"))
                .isInstanceOf(IllegalStateException.class);
    }
}
