/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words for the person who waits: what to do next, no codes, no blame, at most two models to try instead. */
final class UserMessages {
    private static final String BUNDLE = "io.genvideo.model.UserMessages";

    private UserMessages() {}

    static String of(GenerationError error, Locale locale) {
        Locale known = "zh".equals(locale.getLanguage()) ? Locale.CHINESE : Locale.ROOT;
        ResourceBundle bundle = ResourceBundle.getBundle(
                BUNDLE, known, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        boolean neverSent = error.category() == ErrorCategory.TIMEOUT && error.paid() == Paid.NO;
        String text =
                bundle.getString(neverSent ? "TIMEOUT_UNPAID" : error.category().name());
        if (error.alternatives().isEmpty()) {
            return text;
        }
        String models = String.join(
                bundle.getString("or"), error.alternatives().stream().limit(2).toList());
        return text + " " + MessageFormat.format(bundle.getString("alternatives"), models);
    }
}
