/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.FullDisk;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.TaskRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine does while the disk of its embedded journal is full, and when there is room again. */
class FullDiskTest {
    private static final int CHAPTERS = 25;

    @TempDir
    Path folder;

    static LongStream seeds() {
        return Stories.seeds(2);
    }

    @BeforeEach
    void install() {
        FullDisk.install();
    }

    @AfterEach
    void uninstall() {
        FullDisk.uninstall();
    }

    private EngineFixture fixture(long seed) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:" + FullDisk.SCHEME + ":" + folder.resolve("db")
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
        source.setUser("sa");
        EngineFixture f = new EngineFixture(
                clock -> new JournalSpy(new JdbcTaskRepository(source), true), EngineSettings.DEFAULT, seed);
        f.journal.open(f.owner());
        f.start();
        f.run();
        return f;
    }

    @Test
    void sendsNothingThatItCannotJournal() {
        EngineFixture f = fixture(1);
        FullDisk.leave(0);
        // room inside of the file is used up first
        Exchange refused = f.submit("cat 0").key("k0").send();
        for (int i = 1; i < 500 && !refused.hasFailed(); i++) {
            refused = f.submit("cat " + i).key("k" + i).send();
            f.run();
        }
        int sent = f.service.creates();
        assertNotSent(refused);
        f.submit("another").key("another").send();
        f.advance(ofSeconds(10));
        assertThat(f.service.creates()).isEqualTo(sent);
        f.journal.close();
    }

    /** Messages whose request was not sent come again with their keys, as from a queue. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyChargeIsDeliveredOnceThoughTheDiskIsFullAgainAndAgain(long seed) {
        EngineFixture f = fixture(seed);
        Random random = new Random(seed);
        Map<String, Exchange> messages = new LinkedHashMap<>();
        int refusals = 0;
        for (int chapter = 0; chapter < CHAPTERS; chapter++) {
            if (random.nextInt(3) == 0) {
                FullDisk.leave(random.nextInt(20_000));
            } else if (random.nextInt(3) == 0) {
                FullDisk.tidy();
            }
            for (int i = 0; i < 5; i++) {
                String name = "task " + messages.size();
                f.service.on(name).takes(ofSeconds(1 + random.nextInt(30)));
                messages.put(name, f.submit(name).key(name).send());
            }
            f.advance(ofSeconds(1 + random.nextInt(8)));
            refusals += sendAgain(f, messages);
        }
        FullDisk.tidy();
        f.advance(ofMinutes(1));
        sendAgain(f, messages);
        f.advance(ofMinutes(30));

        assertThat(refusals).as("requests that could not be journalled").isPositive();
        assertThat(messages)
                .allSatisfy((name, exchange) ->
                        assertThat(exchange.task().status()).as(name).isEqualTo(TaskStatus.SUCCEEDED));
        assertThat(f.service.ledger().stream().collect(groupingBy(t -> t.script(), counting())))
                .hasSize(messages.size())
                .allSatisfy((script, charges) -> assertThat(charges).isEqualTo(1));
        assertThat(f.journal.all())
                .filteredOn(r -> r.taskId() != null)
                .hasSize(messages.size())
                .extracting(TaskRecord::status)
                .containsOnly(TaskStatus.SUCCEEDED);
        f.journal.close();
    }

    private static void assertNotSent(Exchange exchange) {
        assertThat(exchange.failure(ServiceUnavailableException.class).isRetryable())
                .isTrue();
        assertThat(exchange.failure(ServiceUnavailableException.class))
                .hasMessageContainingAll("could not be journalled", "sent", "No space left on device");
    }

    private static int sendAgain(EngineFixture f, Map<String, Exchange> messages) {
        int refused = 0;
        for (Map.Entry<String, Exchange> message : messages.entrySet()) {
            if (message.getValue().hasFailed()) {
                assertNotSent(message.getValue());
                message.setValue(
                        f.submit(message.getKey()).key(message.getKey()).send());
                refused++;
            }
        }
        return refused;
    }
}
