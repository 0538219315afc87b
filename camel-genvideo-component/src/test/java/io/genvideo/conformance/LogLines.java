/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/**
 * Collects what is logged by the component and by a provider, at DEBUG and with stack traces, instead of what is configured. It
 * reads the log of Log4j 2: with another implementation behind SLF4J it collects nothing.
 */
public final class LogLines extends AbstractAppender implements AutoCloseable {
    private static final String COMPONENT = "io.genvideo";

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Map<String, Level> before = new LinkedHashMap<>();

    /** Collects what the component and its own providers log. */
    public LogLines() {
        this(COMPONENT);
    }

    /** @param provider a package whose log is collected, too */
    public LogLines(String provider) {
        super("lines", null, null, true, Property.EMPTY_ARRAY);
        start();
        before.put(COMPONENT, logger(COMPONENT).getLevel());
        if (!provider.equals(COMPONENT) && !provider.startsWith(COMPONENT + ".")) {
            before.put(provider, logger(provider).getLevel());
        }
        for (String name : before.keySet()) {
            Configurator.setAllLevels(name, Level.DEBUG);
            logger(name).addAppender(this);
            // what is collected need not fill the console, too
            logger(name).setAdditive(false);
        }
    }

    private static Logger logger(String name) {
        return (Logger) LogManager.getLogger(name);
    }

    /** The lines so far, in their order. */
    public Queue<String> lines() {
        return lines;
    }

    @Override
    public void append(LogEvent event) {
        lines.add(
                event.getMessage().getFormattedMessage() + (event.getThrown() == null ? "" : trace(event.getThrown())));
    }

    @Override
    public void close() {
        before.forEach((name, level) -> {
            logger(name).removeAppender(this);
            logger(name).setAdditive(true);
            Configurator.setAllLevels(name, level);
        });
    }

    /** An exception with its causes. */
    public static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
