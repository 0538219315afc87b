/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A database, H2 in memory or another one, whose clock is the test's, and whose writes fail: before they take effect, or after it, so that the
 * answer of the commit is lost.
 */
final class UnreliableDatabase {
    private static final DateTimeFormatter LITERAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    private final DataSource real;
    private final InstantSource clock;
    private final Random random;
    private Duration clockError = Duration.ZERO;
    private double failing;
    private double conflicting;

    private UnreliableDatabase(DataSource real, InstantSource clock, Random random) {
        this.real = real;
        this.clock = clock;
        this.random = random;
    }

    static UnreliableDatabase inMemory(String name, InstantSource clock, Random random) {
        JdbcDataSource real = new JdbcDataSource();
        real.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        return new UnreliableDatabase(real, clock, random);
    }

    static UnreliableDatabase over(DataSource real, InstantSource clock, Random random) {
        return new UnreliableDatabase(real, clock, random);
    }

    /** Somebody sets the clock of the database's machine. */
    void setClock(Duration ahead) {
        clockError = clockError.plus(ahead);
    }

    /** @param share of the writes; a half of them takes effect all the same */
    void failWrites(double share) {
        failing = share;
    }

    /** @param share of the statements and commits that have to give way to those of another node, and take no effect */
    void makeGiveWay(double share) {
        conflicting = share;
    }

    /** Of one that is in memory nothing is left. */
    void drop() throws SQLException {
        if (real instanceof JdbcDataSource) {
            try (Connection connection = real.getConnection()) {
                connection.createStatement().execute("SHUTDOWN");
            }
        }
    }

    DataSource source() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? unreliable(connection) : result;
        });
    }

    private Connection unreliable(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "prepareStatement" -> {
                String sql = String.valueOf(arguments[0]).replace("CURRENT_TIMESTAMP", now());
                yield unreliable(connection, connection.prepareStatement(sql));
            }
            case "commit" -> {
                conflict();
                yield write(() -> invoke(connection, method, arguments));
            }
            default -> invoke(connection, method, arguments);
        });
    }

    private PreparedStatement unreliable(Connection connection, PreparedStatement statement) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                conflict();
            }
            return method.getName().equals("executeUpdate") && connection.getAutoCommit()
                    ? write(() -> invoke(statement, method, arguments))
                    : invoke(statement, method, arguments);
        });
    }

    private void conflict() throws SQLException {
        if (conflicting > 0 && random.nextDouble() < conflicting) {
            throw new SQLException("deadlock detected", random.nextBoolean() ? "40P01" : "40001");
        }
    }

    private String now() {
        Instant now = clock.instant().plus(clockError);
        return "TIMESTAMP WITH TIME ZONE '" + LITERAL.format(now) + "'";
    }

    private interface Write {
        Object execute() throws Throwable;
    }

    private Object write(Write write) throws Throwable {
        if (random.nextDouble() >= failing) {
            return write.execute();
        }
        if (random.nextBoolean()) {
            write.execute();
        }
        throw new SQLException("connection reset", "08006");
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
