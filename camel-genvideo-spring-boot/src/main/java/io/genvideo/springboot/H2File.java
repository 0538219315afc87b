/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Apart from its user, so that an application without H2 does not load the class. */
final class H2File {
    private H2File() {}

    /** H2 must not close the database at the process's end by itself: the last writes of the journal come after that. */
    static DataSource dataSource(Path file) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE");
        source.setUser("genvideo");
        return source;
    }
}
