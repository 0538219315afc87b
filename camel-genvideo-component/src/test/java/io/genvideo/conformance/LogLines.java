/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Collects what the component logs, at DEBUG and with stack traces. */
public final class LogLines extends AbstractAppender implements AutoCloseable {
    private static final String PACKAGE = "io.genvideo";

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    public LogLines() {
        super("lines", null, null, true, Property.EMPTY_ARRAY);
        Configurator.setAllLevels(PACKAGE, Level.DEBUG);
        start();
        logger().addAppender(this);
        // What is checked here need not fill the console, too.
        logger().setAdditive(false);
    }

    private static Logger logger() {
        return (Logger) LogManager.getLogger(PACKAGE);
    }

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
        logger().removeAppender(this);
        logger().setAdditive(true);
        Configurator.setAllLevels(PACKAGE, Level.ERROR);
    }

    /** An exception with its causes. */
    public static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
