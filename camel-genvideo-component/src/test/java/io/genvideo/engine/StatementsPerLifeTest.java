/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** What a task costs the database, from its submission to its delivery, however often it is polled. */
class StatementsPerLifeTest {
    private static final int TASKS = 100;
    /** Read and written once for each engine. */
    private static final int ROW_OF_THE_OWNER = 2;
    /** Written once for each engine and account: its part of the account's limits. */
    private static final int SHARES_OF_THE_ACCOUNT = 1;

    private static final Duration TIME = Duration.ofMinutes(3);

    private final Map<String, Integer> statements = new TreeMap<>();
    private int commits;

    /** Everything the journal does in that time with that many tasks, by the first words of the statement. */
    private Map<String, Integer> statementsOf(String database, int tasks) {
        JdbcDataSource real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:" + database);
        EngineFixture f = new EngineFixture(
                clock -> new JournalSpy(new JdbcTaskRepository(counting(real)), true), EngineSettings.DEFAULT, 1);
        f.journal.runOn(f.loop::execute);
        f.journal.open(f.owner());
        f.start();
        statements.clear();
        commits = 0;
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            String name = "task" + i;
            f.service.on(name).takes(Duration.ofMinutes(1));
            exchanges.add(
                    f.submit(name).key(name).pollInterval(Duration.ofSeconds(5)).queue());
        }
        f.advance(TIME);
        exchanges.forEach(e -> f.engine().settle(e.task().recordId(), e.recordId(), true));
        f.run();
        assertThat(f.journal.all()).hasSize(tasks).allMatch(r -> r.status() == TaskStatus.SUCCEEDED && r.raw() == null);
        f.journal.close();
        return new TreeMap<>(statements);
    }

    @Test
    void aLifeTakesSixStatementsAndNoReads() {
        int idle = sum(statementsOf("idle", 0), "");
        int idleReads = sum(statementsOf("idleReads", 0), "SELECT");
        Map<String, Integer> busy = statementsOf("busy", TASKS);
        assertThat(sum(busy, "") - idle)
                .as("%s", busy)
                .isLessThanOrEqualTo(6 * TASKS + ROW_OF_THE_OWNER + SHARES_OF_THE_ACCOUNT);
        assertThat(sum(busy, "SELECT") - idleReads).as("%s", busy).isLessThanOrEqualTo(ROW_OF_THE_OWNER);
        assertThat(sum(busy, "INSERT INTO GENVIDEO_TASK")).isEqualTo(TASKS);
        assertThat(commits).as("transactions of " + TASKS + " tasks").isLessThan(TASKS);
    }

    private static int sum(Map<String, Integer> counted, String prefix) {
        return counted.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private DataSource counting(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> counting(real.getConnection()));
    }

    private Connection counting(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        commits++;
                    }
                    Object result = invoke(real, method, arguments);
                    return result instanceof PreparedStatement statement
                            ? counting(statement, String.valueOf(arguments[0]))
                            : result;
                });
    }

    /** Each row of a batch counts as a statement of its own, which it is for the server. */
    private PreparedStatement counting(PreparedStatement real, String sql) {
        String words = sql.replaceAll("(SET|\\(|WHERE).*", "");
        return (PreparedStatement) Proxy.newProxyInstance(
                PreparedStatement.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    if (List.of("addBatch", "executeUpdate", "executeQuery").contains(method.getName())) {
                        statements.merge(words, 1, Integer::sum);
                    }
                    return invoke(real, method, arguments);
                });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
