/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.util.Set;

/**
 * How the NemoVideo service behaves. Immutable; start from {@link #DEFAULT}.
 *
 * @param tokens tokens that it accepts besides the anonymous ones that it issues; empty (default): any that starts with
 *     {@code nmv_usr_}
 * @param silentShare share of the edits, 0 to 1, whose stream has no text; default 0.3 (docs/contracts/nemo.md section 6)
 * @param events shape of the events of a stream; default {@link Events#BOTH}
 * @param renders shape of the state of a render; default {@link Renders#BOTH}
 * @param anonymousExport whether the owner of an anonymous token, which lacks the scope, may export; default true
 */
public record NemoSettings(
        Set<String> tokens, double silentShare, Events events, Renders renders, boolean anonymousExport) {

    /** The defaults. */
    public static final NemoSettings DEFAULT = new NemoSettings(Set.of(), 0.3, Events.BOTH, Renders.BOTH, true);

    /** The shapes of docs/contracts/nemo.md section 6; which one the real service has is not known. */
    public enum Events {
        /** One message after the other. */
        BOTH,
        TYPED,
        ADK
    }

    /** The shapes of docs/contracts/nemo.md section 8; which one the real service has is not known. */
    public enum Renders {
        /** One render after the other. */
        BOTH,
        /** Fields at the top of the body. */
        A,
        /** Fields in {@code data}. */
        B
    }

    public NemoSettings {
        tokens = Set.copyOf(tokens);
        if (!(silentShare >= 0 && silentShare <= 1)) {
            throw new IllegalArgumentException("silentShare must be 0..1");
        }
    }

    /** The same with other tokens. */
    public NemoSettings withTokens(Set<String> value) {
        return new NemoSettings(value, silentShare, events, renders, anonymousExport);
    }

    /** The same with another share of edits without text. */
    public NemoSettings withSilentShare(double value) {
        return new NemoSettings(tokens, value, events, renders, anonymousExport);
    }

    /** The same with another shape of events. */
    public NemoSettings withEvents(Events value) {
        return new NemoSettings(tokens, silentShare, value, renders, anonymousExport);
    }

    /** The same with another shape of renders. */
    public NemoSettings withRenders(Renders value) {
        return new NemoSettings(tokens, silentShare, events, value, anonymousExport);
    }

    /** The same with exports by anonymous users, or without. */
    public NemoSettings withAnonymousExport(boolean value) {
        return new NemoSettings(tokens, silentShare, events, renders, value);
    }
}
