/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that anybody may have written is read in bounded time and memory. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e200000000",
                "1e-100000000",
                "-1E999",
                "1e41",
                "1e99999999999999999999",
                "1e-99999999999999999999",
                "123456789012345678901234567890123456789012",
                "0.12345678901234567890123456789012345678901"
            })
    void readsAnAbsurdNumberAsNull(String number) {
        JsonNode read = Json.read("{\"a\":[" + number + "],\"b\":1}").orElseThrow();

        assertThat(read.at("/a/0").isNull()).isTrue();
        assertThat(read.get("b").intValue()).isEqualTo(1);
    }

    @Test
    void readsAMillionDigitsAsNull() {
        JsonNode read = Json.read("[" + "9".repeat(1_000_000) + ",0." + "1".repeat(1_000_000) + ",3]")
                .orElseThrow();

        assertThat(read).hasToString("[null,null,3]");
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "-7,-7",
        "9007199254740993,9007199254740993",
        "12345678901234567890,12345678901234567890",
        "0.5,0.5",
        "1e3,1000",
        "2.50,2.5",
        "1E-5,0.00001"
    })
    void keepsEveryOtherNumberExactly(String number, BigDecimal value) {
        assertThat(Json.read(number).orElseThrow().decimalValue()).isEqualByComparingTo(value);
    }

    @Test
    void readsWhatIsNestedTooDeepAsNull() {
        String deep = "[".repeat(5000) + "]".repeat(5000);

        JsonNode read = Json.read("{\"deep\":" + deep + ",\"b\":{\"c\":[2]}}").orElseThrow();

        assertThat(read.at("/b/c/0").intValue()).isEqualTo(2);
        assertThat(read.get("deep").toString()).hasSizeLessThan(200).contains("[null]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "{\"a\":1}x", "1 2", "NaN", "{\"a\"}", "\"open"})
    void readsNothingElse(String text) {
        assertThat(Json.read(text)).isEmpty();
    }

    @Test
    void givesUpOnVeryManyValuesAndEndlessNesting() {
        assertThat(Json.read("[" + "1,".repeat(Json.MAX_VALUES) + "1]")).isEmpty();
        assertThat(Json.read("[".repeat(8 << 20))).isEmpty();
        assertThat(Json.read("{\"a\":".repeat(1 << 20))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "5,5",
                "'\"5\"',5",
                "5.0,5",
                "-3,-3",
                "5.5,-",
                "3000000000,-",
                "'\"x\"',-",
                "true,-",
                "null,-",
                "'\" \"',-"
            })
    void readsWholeNumbersFromNumbersAndTexts(String json, Integer value) {
        assertThat(Json.integer(Json.read(json).orElseThrow())).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0.5,0.5",
                "'\"0.5\"',0.5",
                "123456789012345678,123456789012345678",
                "1234567890123456789,-",
                "'\"1e5\"',-",
                "[],-"
            })
    void readsDecimalsOfAtMost18Digits(String json, BigDecimal value) {
        assertThat(Json.decimal(Json.read(json).orElseThrow())).isEqualTo(value);
    }

    @Test
    void convertsADocumentToJavaValuesOfTheSameTypesAndOrder() {
        JsonNode read = Json.read(
                        "{\"b\":[1,null,{\"x\":\"y\"},true],\"a\":2.5,\"long\":9007199254740993,\"none\":null,\"text\":\"\"}")
                .orElseThrow();

        Map<String, Object> map = Json.toMap(read);

        assertThat(map.keySet()).containsExactly("b", "a", "long", "none", "text");
        assertThat(map.get("b")).isEqualTo(Arrays.asList(1, null, Map.of("x", "y"), true));
        assertThat(map)
                .containsEntry("a", new BigDecimal("2.5"))
                .containsEntry("long", 9_007_199_254_740_993L)
                .containsEntry("none", null)
                .containsEntry("text", "");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-1,", "2147483647,2147483647", "2147483648,2147483648", "999999999999999999,999999999999999999"
    })
    void readsWholeNumbersThatAreNotNegative(String number, Long whole) {
        assertThat(Json.whole(Json.read(number).orElseThrow())).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({"7,7", "-2147483647,-2147483647", "-2147483648,", "2147483648,", "7.0,7", "7.5,", "'\"7\"',7"})
    void readsIntegersOfEitherSign(String number, Integer integer) {
        assertThat(Json.integer(Json.read(number).orElseThrow())).isEqualTo(integer);
    }
}
