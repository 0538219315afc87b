/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genvideo.model.DeliveryState;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.DurableTaskRepositoryContract;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.UnreadableRecordException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JdbcTaskRepositoryTest extends DurableTaskRepositoryContract {
    private static final TaskOwner THIS = new TaskOwner("1-100", "one");
    private static final TaskOwner SAME_PROCESS = new TaskOwner("1-100", "two");
    private static final TaskOwner OTHER_MACHINE = new TaskOwner("7-700", "one");
    private static final TaskOwner BEFORE = new TaskOwner("1-99", "one");
    private static final String SECRET = "sesame";

    @TempDir
    Path folder;

    @Override
    protected TaskRepository empty() {
        return repository("db");
    }

    @Override
    protected TaskRepository another() {
        return repository("db");
    }

    @Override
    protected TaskRepository reopen() {
        return repository("db");
    }

    private JdbcTaskRepository repository(String settings) {
        JdbcTaskRepository repository = new JdbcTaskRepository(file(settings));
        used(repository);
        return repository;
    }

    private JdbcDataSource file(String settings) {
        return source("jdbc:h2:file:" + folder.resolve(settings));
    }

    private static JdbcDataSource source(String url) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        source.setPassword("");
        return source;
    }

    private static TaskRecord running(TaskRepository journal, String id, TaskOwner owner) {
        return running(journal, id, null, owner);
    }

    private static TaskRecord fresh(String id, String key, TaskOwner owner) {
        return TaskRecord.reservation(id)
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key(key)
                .fingerprint("f")
                .owner(owner)
                .createdAt(Instant.EPOCH)
                .build();
    }

    private static TaskRecord running(TaskRepository journal, String id, String key, TaskOwner owner) {
        TaskRecord fresh = fresh(id, key, owner);
        TaskRecord running = journal.reserve(fresh, ALIVE).toBuilder()
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.RUNNING)
                .delivery(DeliveryState.OWNED)
                .taskId("t")
                .build();
        journal.update(running, ALIVE);
        return running;
    }

    private static List<String> query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static void execute(DataSource source, String... sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    // ---------------------------------------------------------------- what commits rest on

    @Test
    void itBlocks() {
        assertThat(journal.isBlocking()).isTrue();
    }

    /** Room that is used again at once is safe only if each commit is on the disk before the next begins. */
    @Test
    void eachCommitIsFollowedByASyncAndRoomIsUsedAgainAtOnce() throws Exception {
        List<String> statements = Collections.synchronizedList(new ArrayList<>());
        try (JdbcTaskRepository repository = new JdbcTaskRepository(listening(file("db"), statements::add))) {
            repository.open(THIS);
            statements.clear();
            running(repository, "r", THIS);
            repository.renew(THIS, ALIVE);
            repository.find("r");
        }
        assertThat(statements).containsSubsequence("commit", "CHECKPOINT SYNC", "commit", "CHECKPOINT SYNC");
        assertThat(statements.stream().filter("CHECKPOINT SYNC"::equals)).hasSize(3 + 2);
        assertThat(query(
                        file("db"),
                        "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                                + " WHERE SETTING_NAME = 'RETENTION_TIME'"))
                .containsOnly("0");
    }

    @Test
    void aUserWhoMayNotMakeCommitsLastIsRefused() throws Exception {
        JdbcDataSource admin = file("users");
        execute(admin, "CREATE USER U PASSWORD '" + SECRET + "'", "GRANT ALTER ANY SCHEMA TO U");
        JdbcDataSource weak = file("users");
        weak.setUser("U");
        weak.setPassword(SECRET);
        JdbcTaskRepository refused = new JdbcTaskRepository(weak);
        assertThatThrownBy(() -> refused.open(THIS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("administrator")
                .hasMessageNotContaining("jdbc:")
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
    }

    @Test
    void aDatabaseInMemoryIsNotDurable() {
        for (String url : List.of("jdbc:h2:mem:one", "jdbc:h2:nioMemFS:one", "jdbc:h2:memFS:one")) {
            try (JdbcTaskRepository memory = new JdbcTaskRepository(source(url))) {
                memory.open(THIS);
                assertThat(memory.isDurable()).isFalse();
            }
        }
    }

    @Test
    void anotherDatabaseIsRefused() {
        DataSource other = wrapped(file("db"), (method, result) -> result, "Other");
        assertThatThrownBy(() -> new JdbcTaskRepository(other).open(THIS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("H2 or PostgreSQL, not in Other");
    }

    // ---------------------------------------------------------------- tables

    @Test
    void itMakesItsTablesOnce() throws Exception {
        journal.open(SAME_PROCESS);
        assertThat(query(file("db"), "SELECT VERSION FROM GENVIDEO_SCHEMA")).containsExactly("1", "2");
    }

    @Test
    void aHalfFinishedMigrationIsFinished() throws Exception {
        journal.close();
        execute(file("db"), "DELETE FROM GENVIDEO_SCHEMA", "DROP INDEX GENVIDEO_TASK_OWNER");
        repository("db").open(THIS);
        assertThat(query(file("db"), "SELECT VERSION FROM GENVIDEO_SCHEMA")).containsExactly("1", "2");
        assertThat(query(file("db"), "SELECT INDEX_NAME FROM INFORMATION_SCHEMA.INDEXES"))
                .contains("GENVIDEO_TASK_OWNER");
    }

    @Test
    void severalMayMakeTheTablesAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                JdbcTaskRepository one = repository("new");
                opened.add(pool.submit(() -> one.open(THIS)));
            }
            for (Future<?> one : opened) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(query(file("new"), "SELECT VERSION FROM GENVIDEO_SCHEMA")).containsExactly("1", "2");
    }

    @Test
    void tablesOfALaterVersionAreRefused() throws Exception {
        execute(file("db"), "INSERT INTO GENVIDEO_SCHEMA (VERSION, APPLIED_AT) VALUES (99, CURRENT_TIMESTAMP)");
        JdbcTaskRepository older = repository("db");
        assertThatThrownBy(() -> older.open(THIS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("99")
                .hasMessageContaining("newer camel-genvideo");
    }

    /** As after a rolling upgrade has begun: a process of this version that ends meanwhile must be able to come back. */
    @Test
    void tablesOfALaterVersionThatOnlyAddToTheseAreUsed() throws Exception {
        execute(
                file("db"),
                "INSERT INTO GENVIDEO_SCHEMA (VERSION, APPLIED_AT, READABLE_BY) VALUES (99, CURRENT_TIMESTAMP, 2)");
        JdbcTaskRepository older = repository("db");
        older.open(THIS);
        assertThat(older.reserve(fresh("r", "k", THIS), ALIVE).recordId()).isEqualTo("r");
    }

    // ---------------------------------------------------------------- rows of a newer version

    /** As a newer version may have written them: each with something that this one does not know. */
    private static final Map<String, String> UNREADABLE = Map.of(
            "operation", "OPERATION = 'TEXT_TO_OPERA'",
            "status", "STATUS = 'DREAMING'",
            "delivery", "DELIVERY = 'BEAMED'",
            "media", "MEDIA = '[{\"url\":\"https://h/a\",\"kind\":\"HOLOGRAM\"}]'",
            "error", "ERROR = '{\"category\":\"BOREDOM\",\"message\":\"m\",\"provider\":\"p\"}'",
            "reference", "REFERENCE = '{\"a\":{\"Complex\":\"1\"}}'",
            "raw", "RAW = 'no JSON'",
            "credits", "CREDITS = 'many'");

    private void damage(String change, String id) throws SQLException {
        execute(file("db"), "UPDATE GENVIDEO_TASK SET " + change + " WHERE RECORD_ID = '" + id + "'");
    }

    static Set<String> unreadable() {
        return UNREADABLE.keySet();
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void anUnreadableRowIsPassedOverByListsClaimsAndCounts(String what) throws Exception {
        running(journal, "strange", BEFORE);
        running(journal, "known", BEFORE);
        damage(UNREADABLE.get(what), "strange");
        journal.release(BEFORE);

        assertThat(journal.findAll(List.of("strange", "known"))).hasSize(1);
        journal.tally();
        assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 10))
                .extracting(TaskRecord::recordId)
                .containsExactly("known");
        assertThat(query(file("db"), "SELECT OWNER FROM GENVIDEO_TASK WHERE RECORD_ID = 'strange'"))
                .containsExactly(BEFORE.id());
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void anUnreadableOutcomeIsPassedOver(String what) throws Exception {
        for (String id : List.of("strange", "known")) {
            TaskRecord running = running(journal, id, BEFORE);
            journal.update(
                    running.toBuilder()
                            .status(TaskStatus.SUCCEEDED)
                            .delivery(DeliveryState.AVAILABLE)
                            .build(),
                    ALIVE);
        }
        damage(UNREADABLE.get(what), "strange");
        FinishedTasks wanted = new FinishedTasks("p", null, Set.of(TaskStatus.SUCCEEDED), Instant.now());
        assertThat(journal.claimFinished(wanted, THIS, ALIVE, 10))
                .extracting(TaskRecord::recordId)
                .containsExactly("known");
    }

    /** To take it for missing could pay for its task a second time. */
    @ParameterizedTest
    @MethodSource("unreadable")
    void anUnreadableRowIsNeverTakenForMissing(String what) throws Exception {
        TaskRecord record = running(journal, "strange", "k", BEFORE);
        damage(UNREADABLE.get(what), "strange");
        journal.release(BEFORE);
        TaskRecord fresh = fresh("next", "k", THIS);

        assertUnreadable(() -> journal.find("strange"));
        assertUnreadable(() -> journal.findByTaskId("p/a", "t"));
        if (!what.equals("operation")) { // a key belongs to an operation
            assertUnreadable(() -> journal.reserve(fresh, ALIVE));
            assertUnreadable(() -> journal.replace(record, fresh, ALIVE));
        }
        assertUnreadable(() -> journal.claim("strange", THIS, ALIVE));
        assertThat(journal.find("next")).isEmpty();
        assertThat(query(file("db"), "SELECT OWNER FROM GENVIDEO_TASK")).containsExactly(BEFORE.id());
    }

    private static void assertUnreadable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("strange")
                .hasMessageContaining("newer version");
    }

    @Test
    void manyUnreadableRowsDoNotHideTheOthers() throws Exception {
        for (int i = 0; i < 7; i++) {
            running(journal, "strange " + i, BEFORE);
        }
        execute(file("db"), "UPDATE GENVIDEO_TASK SET RAW = 'no JSON'");
        running(journal, "x", BEFORE);
        running(journal, "y", BEFORE);
        journal.release(BEFORE);
        for (String expected : List.of("x", "y")) {
            assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 1))
                    .extracting(TaskRecord::recordId)
                    .containsExactly(expected);
        }
    }

    // ---------------------------------------------------------------- the connection

    @Test
    void aLostConnectionIsFoundAgain() throws Exception {
        TaskRecord record = running(journal, "r", THIS);
        execute(file("db"), "SHUTDOWN IMMEDIATELY");
        assertThatThrownBy(() -> journal.find("r")).isInstanceOf(JdbcRepositoryException.class);
        assertThat(journal.find("r")).contains(record);
    }

    @Test
    void aDatabaseThatIsAwayIsFoundOnceItIsBack() throws Exception {
        List<String> down = new ArrayList<>(List.of("down"));
        JdbcDataSource real = file("db");
        DataSource source = wrapped(
                real,
                (method, result) -> {
                    if (!down.isEmpty()) {
                        throw new SQLException(
                                "Connection to jdbc:h2:file:db;PASSWORD=" + SECRET + " refused", "08001");
                    }
                    return result;
                },
                null);
        try (JdbcTaskRepository flaky = new JdbcTaskRepository(source)) {
            assertThatThrownBy(() -> flaky.open(THIS))
                    .isInstanceOf(JdbcRepositoryException.class)
                    .hasMessageContaining("08001")
                    .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
            down.clear();
            flaky.open(THIS);
            assertThat(flaky.find("r")).isEmpty();
        }
    }

    @Test
    void aRenewalDoesNotWaitForAnotherCall() throws Exception {
        JdbcTaskRepository shared = repository("db;LOCK_TIMEOUT=30000");
        shared.open(THIS);
        TaskRecord record = running(shared, "r", THIS);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Connection busy = file("db;LOCK_TIMEOUT=30000").getConnection()) {
            busy.setAutoCommit(false);
            busy.createStatement().executeQuery("SELECT * FROM GENVIDEO_TASK WHERE RECORD_ID = 'r' FOR UPDATE");
            Future<?> waiting =
                    pool.submit(() -> shared.update(record.toBuilder().build(), ALIVE));
            while (query(file("db"), "SELECT BLOCKER_ID FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            shared.renew(THIS, ALIVE);
            assertThat(waiting.isDone()).isFalse();
            busy.rollback();
            waiting.get(30, TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theConnectionsAreKept() {
        List<String> opened = Collections.synchronizedList(new ArrayList<>());
        DataSource counted = wrapped(
                file("db"),
                (method, result) -> {
                    opened.add(method);
                    return result;
                },
                null);
        try (JdbcTaskRepository one = new JdbcTaskRepository(counted)) {
            one.open(THIS);
            TaskRecord record = running(one, "r", THIS);
            assertThatThrownBy(() -> one.update(record, ALIVE)).isInstanceOf(RuntimeException.class);
            one.claimLapsed(THIS, Set.of(), ALIVE, 10);
            one.find("r");
            one.renew(THIS, ALIVE);
            one.renew(THIS, ALIVE);
        }
        assertThat(opened).hasSize(2);
    }

    @Test
    void aTransactionThatFailsLeavesNothing() throws Exception {
        TaskRecord first = journal.reserve(fresh("r", "k", THIS), ALIVE);
        TaskRecord unwritable = TaskRecord.reservation("s")
                .provider("p")
                .account("p/a")
                .operation(Operation.GENERATE)
                .key("k")
                .attempt(2)
                .owner(THIS)
                .reference(new Object())
                .createdAt(Instant.EPOCH)
                .build();
        assertThatThrownBy(() -> journal.replace(first, unwritable, ALIVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("String or a Map");
        assertThat(journal.find("r")).contains(first);
    }

    @Test
    void itsWritesAreNotPartOfTheTransactionThatARouteHasOpen() throws Exception {
        try (Connection route = file("db").getConnection()) {
            route.setAutoCommit(false);
            running(journal, "r", THIS);
            route.rollback();
        }
        assertThat(journal.find("r")).isPresent();
    }

    @Test
    void aClosedRepositoryLetsGoOfTheFile() throws Exception {
        running(journal, "r", THIS);
        journal.close();
        // would fail if H2 still had the database open under other settings
        assertThat(query(file("db;ACCESS_MODE_DATA=r"), "SELECT RECORD_ID FROM GENVIDEO_TASK"))
                .containsExactly("r");
    }

    // ---------------------------------------------------------------- who else is there

    @Test
    void theLeasesOfProcessesThatAreGoneEnd() {
        running(journal, "before", BEFORE);
        running(journal, "similar", new TaskOwner("1-1000", "one"));
        running(journal, "mine", THIS);
        running(journal, "neighbour", SAME_PROCESS);
        List.of(BEFORE, THIS, SAME_PROCESS).forEach(owner -> journal.renew(owner, ALIVE));
        journal.close();
        journal.open(THIS);
        assertThat(journal.claimLapsed(new TaskOwner("3", "new"), Set.of("p/a"), ALIVE, 10))
                .extracting(TaskRecord::recordId)
                .containsExactlyInAnyOrder("before", "similar");
    }

    @Test
    void whatALiveOwnerHasInADatabaseThatIsSharedStaysItsOwn() {
        JdbcTaskRepository shared = repository("shared;AUTO_SERVER=TRUE");
        shared.open(BEFORE);
        running(shared, "r", BEFORE);
        repository("shared;AUTO_SERVER=TRUE").open(THIS);
        assertThat(shared.claim("r", THIS, ALIVE)).isEmpty();
    }

    @Test
    void aServerIsShared() throws Exception {
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        DataSource source = source("jdbc:h2:tcp://localhost:" + server.getPort() + "/./served");
        try (JdbcTaskRepository one = new JdbcTaskRepository(source);
                JdbcTaskRepository two = new JdbcTaskRepository(source)) {
            one.open(BEFORE);
            running(one, "r", BEFORE);
            two.open(THIS);
            assertThat(two.isDurable()).isTrue();
            assertThat(two.claim("r", THIS, ALIVE)).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void aFileThatThisProcessServesToOthersIsShared() throws Exception {
        Server server = Server.createTcpServer("-tcpPort", "0", "-baseDir", folder.toString())
                .start();
        try (JdbcTaskRepository guest =
                new JdbcTaskRepository(source("jdbc:h2:tcp://localhost:" + server.getPort() + "/./db"))) {
            guest.open(BEFORE);
            running(guest, "r", BEFORE);
            repository("db").open(THIS);
            assertThat(journal.claim("r", THIS, ALIVE)).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void ownersThatAreLongGoneAndHaveNoRecordsAreForgotten() throws Exception {
        journal.renew(BEFORE, LAPSED);
        journal.renew(SAME_PROCESS, ALIVE);
        running(journal, "r", OTHER_MACHINE);
        execute(
                file("db"),
                "UPDATE GENVIDEO_OWNER SET LEASE_UNTIL = DATEADD(DAY, -2, CURRENT_TIMESTAMP) WHERE OWNER <> '"
                        + SAME_PROCESS.id() + "'");
        journal.open(THIS);
        assertThat(query(file("db"), "SELECT OWNER FROM GENVIDEO_OWNER"))
                .contains(SAME_PROCESS.id(), OTHER_MACHINE.id())
                .doesNotContain(BEFORE.id());
    }

    @Test
    void anOwnerWhoseRowIsMissingIsFoundByTheNextStart() throws Exception {
        running(journal, "r", BEFORE);
        execute(file("db"), "DELETE FROM GENVIDEO_OWNER", "UPDATE GENVIDEO_TASK SET LEASE_UNTIL = CURRENT_TIMESTAMP");
        assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 10)).isEmpty();
        journal.open(THIS);
        assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 10)).hasSize(1);
    }

    /** As if the clock of the database was set back by a day after the leases were given. */
    @Test
    void aClockThatIsSetBackMakesALeaseLongerByItsLengthAtMost() throws Exception {
        running(journal, "r", BEFORE);
        journal.renew(BEFORE, ALIVE);
        execute(
                file("db"),
                "UPDATE GENVIDEO_OWNER SET LEASE_MILLIS = 0, LEASE_UNTIL = DATEADD(DAY, 1, CURRENT_TIMESTAMP)",
                "UPDATE GENVIDEO_TASK SET LEASE_MILLIS = 0, LEASE_UNTIL = DATEADD(DAY, 1, CURRENT_TIMESTAMP)");
        assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 10)).hasSize(1);
    }

    @Test
    void aLeaseThatWasGivenWithTheSameClockIsNotShortened() {
        running(journal, "r", BEFORE);
        journal.renew(BEFORE, ALIVE);
        assertThat(journal.claimLapsed(THIS, Set.of("p/a"), ALIVE, 10)).isEmpty();
        assertThat(journal.claim("r", THIS, ALIVE)).isEmpty();
    }

    // ---------------------------------------------------------------- size

    @Test
    void aLeaseOfAnyLengthWillDo() {
        running(journal, "r", THIS);
        journal.renew(THIS, Duration.ofDays(3_650));
        assertThat(journal.claim("r", BEFORE, ALIVE)).isEmpty();
    }

    private interface OnConnection {
        Object got(String method, Object result) throws SQLException;
    }

    /** A data source that tells of each connection and may claim to be another product. */
    private static DataSource wrapped(DataSource real, OnConnection hook, String product) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = invoke(real, method, arguments);
                    if (!method.getName().equals("getConnection")) {
                        return result;
                    }
                    Connection connection = (Connection) result;
                    try {
                        hook.got(method.getName(), connection);
                    } catch (SQLException e) {
                        connection.close();
                        throw e;
                    }
                    return product == null ? connection : posing(connection, product);
                });
    }

    private static Connection posing(Connection real, String product) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object result = invoke(real, method, arguments);
                    return !method.getName().equals("getMetaData")
                            ? result
                            : Proxy.newProxyInstance(
                                    Connection.class.getClassLoader(),
                                    new Class<?>[] {DatabaseMetaData.class},
                                    (meta, ask, with) -> ask.getName().equals("getDatabaseProductName")
                                            ? product
                                            : invoke(result, ask, with));
                });
    }

    /** A data source whose connections tell of each commit and of what is executed without parameters. */
    private static DataSource listening(DataSource real, Consumer<String> statements) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> invoke(real, method, arguments) instanceof Connection connection
                        ? listening(connection, statements)
                        : null);
    }

    private static Connection listening(Connection real, Consumer<String> statements) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        statements.accept("commit");
                    }
                    Object result = invoke(real, method, arguments);
                    return !method.getName().equals("createStatement")
                            ? result
                            : Proxy.newProxyInstance(
                                    Connection.class.getClassLoader(),
                                    new Class<?>[] {Statement.class},
                                    (statement, execute, with) -> {
                                        if (execute.getName().equals("execute")) {
                                            statements.accept(String.valueOf(with[0]));
                                        }
                                        return invoke(result, execute, with);
                                    });
                });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
