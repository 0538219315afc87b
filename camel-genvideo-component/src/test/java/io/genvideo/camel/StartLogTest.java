/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.repository.memory.MemoryTaskRepository;
import java.time.InstantSource;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log of the start names service, account and journal before anything is paid. */
class StartLogTest {
    private final StudioContext context = new StudioContext();
    private final LogRecorder log = new LogRecorder(Level.INFO, "io.genvideo.camel");

    @AfterEach
    void stop() {
        context.close();
        log.close();
    }

    @Test
    void theFirstUseOfAnAccountIsLoggedOnce() {
        context.account().setBaseUrl("https://user:passw0rd@studio.test/v1?key=abc");
        context.start();
        assertThat(log.linesWith("Using ")).isEmpty();

        context.camel().getEndpoint("genvideo:studio/credits");
        context.camel().getEndpoint("genvideo:studio/text_to_video?timeout=1m");

        assertThat(log.linesWith("Using "))
                .singleElement()
                .isEqualTo("INFO io.genvideo.camel.GenvideoComponent Using Studio with account studio at"
                        + " https://studio.test/v1, journal in memory");
    }

    @Test
    void anAccountOnTheUriIsLoggedByItsAlias() {
        context.start().camel().getEndpoint("genvideo:studio/credits?apiKey=on-the-uri");

        assertThat(log.linesWith("Using "))
                .singleElement()
                .asString()
                .containsPattern("account anonymous-[0-9a-f]{16} at https://studio.example.com, journal in memory")
                .doesNotContain("on-the-uri");
    }

    @Test
    void aJournalInMemoryIsAWarning() {
        context.start();
        assertThat(log.linesWith("WARN "))
                .singleElement()
                .asString()
                .contains("The journal of tasks is in memory")
                .contains("option 'taskRepository'");
    }

    @Test
    void aDurableJournalIsNamedAndNoWarning() {
        context.component().setTaskRepository(new DurableJournal());
        context.start().camel().getEndpoint("genvideo:studio/credits");

        assertThat(log.linesWith("WARN ")).isEmpty();
        assertThat(log.linesWith("Using ")).singleElement().asString().endsWith("journal DurableJournal");
    }

    private static final class DurableJournal extends ForwardingRepository {
        DurableJournal() {
            super(new MemoryTaskRepository(InstantSource.system()));
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }
}
