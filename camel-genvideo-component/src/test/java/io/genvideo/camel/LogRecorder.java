/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Records what some loggers log, with stack traces, as "LEVEL logger message"; it appears nowhere else meanwhile. */
public final class LogRecorder extends AbstractAppender implements AutoCloseable {
    private final List<String> loggers;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    public LogRecorder(Level level, String... loggers) {
        super("recorder", null, null, true, Property.EMPTY_ARRAY);
        this.loggers = List.of(loggers);
        start();
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        for (String name : loggers) {
            LoggerConfig logger = new LoggerConfig(name, level, false);
            logger.addAppender(this, level, null);
            logging.getConfiguration().addLogger(name, logger);
        }
        logging.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
        StringWriter text = new StringWriter();
        text.append(event.getLevel().name())
                .append(' ')
                .append(event.getLoggerName())
                .append(' ')
                .append(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(text));
        }
        lines.add(text.toString());
    }

    public Queue<String> lines() {
        return lines;
    }

    public List<String> linesWith(String text) {
        return lines.stream().filter(l -> l.contains(text)).toList();
    }

    @Override
    public void close() {
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        loggers.forEach(logging.getConfiguration()::removeLogger);
        logging.updateLoggers();
        stop();
    }
}
