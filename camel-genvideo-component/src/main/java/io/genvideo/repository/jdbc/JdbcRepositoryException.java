/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.model.TextSanitizer;
import java.io.IOException;
import java.io.Serial;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database failed. Whether a write took effect is not known; the next call tries a new connection. Drivers put the
 * address, and with it passwords, into some of their messages, and the values of the rows into others: such a message is cut,
 * and so are those of its causes.
 */
public class JdbcRepositoryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final Pattern ADDRESS = Pattern.compile("jdbc:.*", Pattern.DOTALL);

    /** Longer than the messages of the databases, which are in their first line. */
    private static final int MAX_MESSAGE = 300;

    private static final int MAX_CAUSES = 10;

    private final boolean aboutValues;
    private final boolean unavailable;
    private final boolean locked;
    private final boolean fileInUse;

    JdbcRepositoryException(SQLException failure) {
        super(
                "the database of the journal failed (SQL state " + failure.getSQLState() + "): " + fileTrouble(failure)
                        + text(failure),
                withoutContent(failure));
        aboutValues = SqlStates.isAboutValues(failure);
        unavailable = SqlStates.isUnavailable(failure);
        locked = SqlStates.isLocked(failure);
        fileInUse = SqlStates.isFileInUse(failure);
    }

    /** Whether the database refused a value or its size, so that the same statement with others may work. */
    boolean isAboutValues() {
        return aboutValues;
    }

    /** Whether the database could not be reached, so that the same may work later. */
    boolean isUnavailable() {
        return unavailable;
    }

    /** Whether somebody else has locked a row or a table for too long, so that the same statement with other rows may work. */
    boolean isLocked() {
        return locked;
    }

    /** Whether the file of an embedded database is open already, here or in another process. */
    boolean isFileInUse() {
        return fileInUse;
    }

    /** H2 hides a full disk below several exceptions of its own. */
    private static String fileTrouble(SQLException failure) {
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof IOException) {
                return text(cause) + ": ";
            }
            cause = cause.getCause();
        }
        return "";
    }

    /** What the database says, without what the driver adds: the statement with its values, the row in detail, the address. */
    private static String text(Throwable failure) {
        Throwable said = failure;
        if (failure instanceof BatchUpdateException batch && batch.getNextException() != null) {
            said = batch.getNextException();
        }
        String message = said.getMessage();
        if (message == null || said instanceof BatchUpdateException) {
            return said.getClass().getSimpleName();
        }
        String line = message.lines().findFirst().orElse("");
        return TextSanitizer.message(ADDRESS.matcher(line).replaceAll("jdbc:…"), MAX_MESSAGE);
    }

    /** The failure itself if it quotes nothing; else a copy with the same SQL state and stack trace. */
    static @Nullable Throwable withoutContent(@Nullable Throwable failure) {
        return withoutContent(failure, 0);
    }

    private static @Nullable Throwable withoutContent(@Nullable Throwable failure, int depth) {
        if (failure == null || !quotes(failure, Collections.newSetFromMap(new IdentityHashMap<>()))) {
            return failure;
        }
        if (depth == MAX_CAUSES) {
            return null;
        }
        SQLException original = failure instanceof SQLException sql ? sql : new SQLException();
        SQLException copy = new SQLException(
                failure.getClass().getName() + ": " + text(failure), original.getSQLState(), original.getErrorCode());
        copy.setStackTrace(failure.getStackTrace());
        copy.initCause(withoutContent(failure.getCause(), depth + 1));
        return copy;
    }

    private static boolean quotes(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        String message = failure.getMessage();
        boolean isLong = message != null && (message.contains("\n") || message.length() > MAX_MESSAGE);
        if (isLong || message != null && ADDRESS.matcher(message).find() || failure instanceof BatchUpdateException) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (quotes(suppressed, seen)) {
                return true;
            }
        }
        return quotes(failure.getCause(), seen)
                || failure instanceof SQLException sql && quotes(sql.getNextException(), seen);
    }
}
