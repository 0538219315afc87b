/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.Serial;
import java.sql.SQLException;

/** Another row has the key: nothing was written. */
final class DuplicateRowException extends JdbcRepositoryException {
    @Serial
    private static final long serialVersionUID = 1L;

    DuplicateRowException(SQLException failure) {
        super(failure);
    }
}
