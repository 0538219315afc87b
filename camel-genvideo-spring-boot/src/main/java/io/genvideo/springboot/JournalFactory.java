/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskRepository;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/** Makes the journal that {@code genvideo.journal} names. */
final class JournalFactory {
    static final String PROPERTY = "genvideo.journal";
    private static final String DATA_SOURCE = "datasource";
    private static final String NAMED_DATA_SOURCE = DATA_SOURCE + ":";
    private static final String FILE = "file:";
    private static final String MEMORY = "memory";
    private static final String H2 = "org.h2.jdbcx.JdbcDataSource";

    private final ListableBeanFactory beans;
    private final GenvideoProperties properties;

    JournalFactory(ListableBeanFactory beans, GenvideoProperties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /** @throws GenvideoPropertyException if there is no such journal */
    TaskRepository create() {
        String journal = Objects.requireNonNullElse(properties.journal(), "").trim();
        if (journal.equals(MEMORY)) {
            return new MemoryTaskRepository(InstantSource.system());
        }
        if (journal.equals(DATA_SOURCE)) {
            return jdbc(onlyDataSource());
        }
        if (journal.startsWith(NAMED_DATA_SOURCE)) {
            return jdbc(namedDataSource(
                    journal.substring(NAMED_DATA_SOURCE.length()).trim()));
        }
        if (journal.startsWith(FILE)) {
            return jdbc(file(journal.substring(FILE.length()).trim()));
        }
        throw new GenvideoPropertyException(
                "The property '" + PROPERTY + "' has the value '" + journal + "', which is not valid.",
                "It must be datasource, datasource:name, file:path or memory.");
    }

    private TaskRepository jdbc(DataSource source) {
        JdbcTaskRepository repository = new JdbcTaskRepository(source);
        Duration timeout = properties.journalCallTimeout();
        if (timeout != null) {
            try {
                repository.setCallTimeout(timeout);
            } catch (IllegalArgumentException e) {
                throw new GenvideoPropertyException(
                        "The property 'genvideo.journal-call-timeout' has the value '" + timeout.toMillis()
                                + " ms', which is not valid.",
                        "It must be a time from 1ms to 10m.");
            }
        }
        return repository;
    }

    private DataSource onlyDataSource() {
        ObjectProvider<DataSource> sources = beans.getBeanProvider(DataSource.class);
        try {
            DataSource source = sources.getIfAvailable();
            if (source != null) {
                return source;
            }
        } catch (NoUniqueBeanDefinitionException several) {
            throw new GenvideoPropertyException(
                    "The property '" + PROPERTY + "' is 'datasource', but the application has several: " + names()
                            + ".",
                    "Write datasource:name, or make one of them @Primary.");
        }
        throw new GenvideoPropertyException(
                "The property '" + PROPERTY + "' is 'datasource', but the application has no DataSource.",
                "Add spring-boot-starter-jdbc and set spring.datasource.url, or use file:path.");
    }

    private DataSource namedDataSource(String name) {
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, DataSource.class)) {
            throw new GenvideoPropertyException(
                    "The property '" + PROPERTY + "' names the DataSource '" + name + "', which does not exist.",
                    "There are: " + names() + ".");
        }
        return beans.getBean(name, DataSource.class);
    }

    private String names() {
        String names = Arrays.stream(beans.getBeanNamesForType(DataSource.class))
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static DataSource file(String path) {
        if (path.isEmpty() || path.contains(";")) {
            throw wrongFile(path);
        }
        if (!ClassUtils.isPresent(H2, ClassUtils.getDefaultClassLoader())) {
            throw new GenvideoPropertyException(
                    "The property '" + PROPERTY + "' is a file, but H2 is not on the class path.",
                    "Add the dependency com.h2database:h2.");
        }
        try {
            return H2File.dataSource(Path.of(path).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw wrongFile(path);
        }
    }

    private static GenvideoPropertyException wrongFile(String path) {
        return new GenvideoPropertyException(
                "The property '" + PROPERTY + "' names the file '" + path + "', which is not valid.",
                "It must be the path of a file without a semicolon; H2 adds .mv.db to its name.");
    }
}
