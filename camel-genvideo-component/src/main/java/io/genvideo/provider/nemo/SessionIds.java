/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import io.genvideo.provider.support.Values;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ids of sessions: numbers of 19 digits, which no double can hold, so that they are text everywhere (section 5). */
final class SessionIds {
    /** The parameter that names a session. */
    static final String PARAMETER = "sessionId";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_]{1,64}");

    private SessionIds() {}

    static boolean isValid(String id) {
        return VALID.matcher(id).matches();
    }

    /**
     * The session that a user names.
     *
     * @return {@code null} for none
     */
    static @Nullable String given(@Nullable Object value) {
        String id = value == null ? "" : Values.textOf(value).trim();
        if (id.isEmpty()) {
            return null;
        }
        if (!isValid(id)) {
            throw NemoErrors.ERRORS.invalid(PARAMETER + "=" + Values.shown(id)
                    + " is no session; allowed: the text that genvideo:nemo/session has returned, up to 64 letters and"
                    + " digits");
        }
        return id;
    }

    /** The session that a user must name. */
    static String required(@Nullable Object value, String operation) {
        String id = given(value);
        if (id == null) {
            throw NemoErrors.ERRORS.invalid(
                    PARAMETER + " is missing: " + operation + " needs one; set the option " + PARAMETER
                            + " or an entry of the header CamelGenvideoParameters to what genvideo:nemo/session has returned");
        }
        return id;
    }
}
