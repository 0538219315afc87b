/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ClusterFixture.Node;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that no engine writes, in rows of a node that is gone: they are that row's problem, and never pay for anything twice. */
class OddRowsTest {
    private static final int ALLOWED = 8;

    static Stream<String> odd() {
        return Stream.of(
                "ACCEPTED_AT = TIMESTAMP WITH TIME ZONE '9999-12-31 23:59:59+00'",
                "ACCEPTED_AT = TIMESTAMP WITH TIME ZONE '-100000000-01-01 00:00:00+00'",
                "LEASE_MILLIS = 9223372036854775807",
                "VERSION = 9223372036854775807",
                "TASK_ID = NULL",
                "STATUS = 'FAILED'",
                "STATUS = 'SUBMITTING'",
                "STATUS = 'RESERVED'",
                "DELIVERY = 'DELIVERED'",
                "CREDITS = '1e999999999'",
                "PROVIDER_STATE = REPEAT('x', 1000000)",
                "RAW = REPEAT('[', 100000)",
                "MEDIA = '[null]'");
    }

    @ParameterizedTest
    @MethodSource("odd")
    void aRowWithAnOddValueHoldsUpNoOther(String value) throws SQLException {
        try (ClusterFixture f = new ClusterFixture(null, 1)) {
            Node gone = f.join();
            Node here = f.join();
            f.advance(ofSeconds(15));
            for (String name : new String[] {"good 1", "odd", "good 2"}) {
                f.service.on(name).takes(ofMinutes(1));
                gone.submit(name, ALLOWED, 100, ofHours(1));
                f.advance(ofSeconds(1));
            }
            f.advance(ofSeconds(20));
            gone.kill();
            try (Connection connection = f.database.source().getConnection()) {
                connection
                        .createStatement()
                        .execute("UPDATE GENVIDEO_TASK SET " + value + " WHERE IDEMPOTENCY_KEY = 'odd'");
            }
            f.advance(ofMinutes(3));
            Exchange odd = here.submit("odd", ALLOWED, 100, ofMinutes(5));
            Exchange first = here.submit("good 1", ALLOWED, 100, ofMinutes(5));
            Exchange second = here.submit("good 2", ALLOWED, 100, ofMinutes(5));
            f.advance(ofSeconds(10));
            assertThat(first.task().media()).as("%s", here.warnings).isNotEmpty();
            assertThat(second.task().media()).as("%s", here.warnings).isNotEmpty();
            f.advance(ofMinutes(6));
            assertThat(odd.isOver()).as("%s", here.warnings).isTrue();
            assertThat(f.service.ledger()).hasSize(3);
            Exchange later = here.submit(ofSeconds(5), ALLOWED);
            f.advance(ofMinutes(1));
            assertThat(later.isOver()).isTrue();
        }
    }
}
