/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

/** The tests of the journal, which this module runs from the jar of the component's tests, meet another H2 here. */
class OtherH2Test {
    @Test
    void thisIsTheDatabaseThatIsMeant() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("2.3.232 ");
        }
    }
}
