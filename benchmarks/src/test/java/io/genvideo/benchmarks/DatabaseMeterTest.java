/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

/** What a PostgreSQL has done between two moments is what its clients have caused, and not what the meter itself causes. */
class DatabaseMeterTest {

    @Test
    @EnabledOnOs(LINUX)
    void countsStatementsOfClientsAndProcessorTimeOfTheServer() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .start();
                DatabaseMeter meter = DatabaseMeter.open(postgres.getPostgresDatabase());
                Connection client = postgres.getPostgresDatabase().getConnection();
                Statement statement = client.createStatement()) {
            DatabaseMeter.Usage idle = meter.now();

            assertThat(meter.now().since(idle).statements()).isZero();

            for (int i = 0; i < 3; i++) {
                statement.execute("SELECT count(*) FROM generate_series(1, 500000)");
            }
            client.setAutoCommit(false);
            statement.execute("SELECT 1");
            client.commit();

            DatabaseMeter.Usage used = meter.now().since(idle);
            assertThat(used.statements()).as("four, BEGIN and COMMIT").isEqualTo(6);
            assertThat(used.cpuSeconds()).as("processor time").isPositive();
        }
    }
}
