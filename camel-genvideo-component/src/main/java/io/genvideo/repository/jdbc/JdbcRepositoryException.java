/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import java.io.Serial;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database failed. Whether a write took effect is not known; the next call tries a new connection. Drivers put the
 * address, and with it passwords, into some of their messages: such a message is cut, and its exception is not the cause.
 */
public class JdbcRepositoryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final Pattern ADDRESS = Pattern.compile("jdbc:.*", Pattern.DOTALL);

    private final boolean aboutValues;
    private final boolean unavailable;

    JdbcRepositoryException(SQLException failure) {
        super(
                "the database of the journal failed (SQL state " + failure.getSQLState() + "): "
                        + withoutAddress(failure.getMessage()),
                mentionsAddress(failure, Collections.newSetFromMap(new IdentityHashMap<>())) ? null : failure);
        aboutValues = SqlStates.isAboutValues(failure);
        unavailable = SqlStates.isUnavailable(failure);
    }

    /** Whether the database refused a value or its size, so that the same statement with others may work. */
    boolean isAboutValues() {
        return aboutValues;
    }

    /** Whether the database could not be reached, so that the same may work later. */
    boolean isUnavailable() {
        return unavailable;
    }

    static String withoutAddress(@Nullable String message) {
        return message == null ? "no message" : ADDRESS.matcher(message).replaceAll("jdbc:…");
    }

    private static boolean mentionsAddress(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        String message = failure.getMessage();
        if (message != null && ADDRESS.matcher(message).find()) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (mentionsAddress(suppressed, seen)) {
                return true;
            }
        }
        return mentionsAddress(failure.getCause(), seen)
                || failure instanceof SQLException sql && mentionsAddress(sql.getNextException(), seen);
    }
}
