/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which journal the component gets: the one that is named, and never a database because it happens to be there. */
class JournalTest {
    @TempDir
    Path folder;

    @Configuration
    static class Route {
        @Bean
        RouteBuilder videos() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:video").to("genvideo:ima/text_to_video?idempotency=required");
                }
            };
        }
    }

    @Configuration
    static class TwoDataSources {
        @Bean
        DataSource orders() {
            return h2("orders");
        }

        @Bean
        DataSource videos() {
            return h2("videos");
        }

        private static DataSource h2(String name) {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + name + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            return source;
        }
    }

    @Configuration
    static class OwnJournal {
        @Bean
        TaskRepository mine() {
            return new MemoryTaskRepository(InstantSource.system());
        }
    }

    private static List<String> tables(DataSource source) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = source.getConnection();
                ResultSet found = connection.getMetaData().getTables(null, "PUBLIC", "%", null)) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME"));
            }
        }
        return tables;
    }

    /** Without Camel, which takes a second to start. */
    private static ApplicationContextRunner journal(String value) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(GenvideoJournalAutoConfiguration.class))
                .withPropertyValues("genvideo.journal=" + value);
    }

    private static void assertRefused(ApplicationContextRunner application, String... parts) {
        application.run(started -> assertThat(started)
                .getFailure()
                .rootCause()
                .isInstanceOf(GenvideoPropertyException.class)
                .hasMessageContainingAll(parts));
    }

    @Test
    void databaseOfTheApplicationIsNotTouchedWithoutTheProperty() throws SQLException {
        try (ConfigurableApplicationContext started = new TestApplication().start()) {
            assertThat(tables(started.getBean(DataSource.class))).isEmpty();
            assertThat(started.getBeansOfType(TaskRepository.class)).isEmpty();
            assertThat(TestApplication.component(started).getTaskRepository()).isNull();
        }
    }

    @Test
    void dataSourceOfTheApplicationHoldsTheJournal() throws SQLException {
        try (ConfigurableApplicationContext started =
                new TestApplication().with("genvideo.journal", "datasource").start()) {
            GenvideoComponent component = TestApplication.component(started);
            assertThat(component.getTaskRepository()).isInstanceOf(JdbcTaskRepository.class);
            assertThat(tables(started.getBean(DataSource.class))).contains("GENVIDEO_TASK");
            assertThat(component.getOpenTasks()).isZero();
        }
    }

    @Test
    void namedDataSourceHoldsTheJournal() {
        journal("datasource:videos").withUserConfiguration(TwoDataSources.class).run(started -> {
            started.getBean(TaskRepository.class).open(TaskOwner.inThisProcess("a node"));

            assertThat(tables(started.getBean("videos", DataSource.class))).contains("GENVIDEO_TASK");
            assertThat(tables(started.getBean("orders", DataSource.class))).isEmpty();
        });
    }

    @Test
    void fileKeepsTasksFromOneProcessToTheNext() throws IOException {
        String key = "ima_" + UUID.randomUUID();
        TestApplication application = new TestApplication(Route.class)
                .withAccount("ima", key)
                .with("genvideo.journal", "file:" + folder.resolve("journal/tasks"))
                .with("spring.autoconfigure.exclude", DataSourceAutoConfiguration.class.getName());
        String first;
        try (ConfigurableApplicationContext started = application.start()) {
            first = generate(started);
        }
        try (ConfigurableApplicationContext started = application.start()) {
            assertThat(generate(started)).isEqualTo(first);
        }

        assertThat(TestApplication.charges(key)).isEqualTo(1);
        assertThat(Files.exists(folder.resolve("journal/tasks.mv.db"))).isTrue();
    }

    private static String generate(ConfigurableApplicationContext application) {
        return application
                .getBean(ProducerTemplate.class)
                .request("direct:video", exchange -> {
                    exchange.getMessage().setBody("a lake");
                    exchange.getMessage().setHeader("CamelGenvideoIdempotencyKey", "request 7");
                })
                .getMessage()
                .getHeader("CamelGenvideoTaskId", String.class);
    }

    @Test
    void memoryIsChosenToo() {
        journal("memory").run(started -> assertThat(started).hasSingleBean(MemoryTaskRepository.class));
    }

    @Test
    void journalOfTheApplicationIsUsedWithoutTheProperty() {
        try (ConfigurableApplicationContext started = new TestApplication(OwnJournal.class).start()) {
            assertThat(TestApplication.component(started).getTaskRepository()).isSameAs(started.getBean("mine"));
        }
    }

    @Test
    void refusesAWrongValue() {
        assertRefused(
                journal("postgres"),
                "The property 'genvideo.journal' has the value 'postgres', which is not valid.",
                "It must be datasource, datasource:name, file:path or memory.");
    }

    @Test
    void refusesSeveralDataSourcesWithoutAName() {
        assertRefused(
                journal("datasource").withUserConfiguration(TwoDataSources.class),
                "'genvideo.journal' is 'datasource', but the application has several: orders, videos.",
                "Write datasource:name, or make one of them @Primary.");
    }

    @Test
    void refusesADataSourceThatDoesNotExist() {
        assertRefused(
                journal("datasource:vidoes").withUserConfiguration(TwoDataSources.class),
                "names the DataSource 'vidoes', which does not exist. There are: orders, videos.");
    }

    @Test
    void refusesWithoutADataSource() {
        assertRefused(
                journal("datasource"),
                "'genvideo.journal' is 'datasource', but the application has no DataSource.",
                "spring.datasource.url");
    }

    @Test
    void refusesAFileWithSettingsOfH2() {
        assertRefused(journal("file:" + folder + "/x;INIT=RUNSCRIPT"), "names the file", "without a semicolon");
    }

    @Test
    void refusesAFileWithoutH2() {
        assertRefused(
                journal("file:x").withClassLoader(new FilteredClassLoader("org.h2")),
                "H2 is not on the class path.",
                "Add the dependency com.h2database:h2.");
    }

    @Test
    void refusesAJournalBesideThatOfTheApplication() {
        assertRefused(
                journal("memory").withUserConfiguration(OwnJournal.class),
                "the application has one of its own: the TaskRepository bean 'mine'.",
                "Remove the property or the bean.");
    }

    @Test
    void refusesACallTimeoutOutOfBounds() {
        assertRefused(
                journal("datasource:videos")
                        .withUserConfiguration(TwoDataSources.class)
                        .withPropertyValues("genvideo.journal-call-timeout=1h"),
                "The property 'genvideo.journal-call-timeout' has the value '3600000 ms', which is not valid.",
                "It must be a time from 1ms to 10m.");
    }
}
