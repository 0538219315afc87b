/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.genvideo.model.GenerationTask;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import org.apache.camel.Exchange;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** Routes of a node whose journal other nodes may use, too. */
class SharedJournalTest {

    /** No request may start before the node has its part of the limit, and every one must afterwards. */
    @Test
    void aLimitOfRequestsPerSecondLetsTheRequestsOfALoneNodeThrough() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:limited");
        try (ImaContext ima = new ImaContext()) {
            JdbcTaskRepository journal = new JdbcTaskRepository(database);
            ima.component().setTaskRepository(journal);
            ima.start();
            Exchange exchange =
                    ima.generate("genvideo:ima/text_to_video?requestsPerSecond=500&" + ImaContext.QUICK, "a cat");
            assertThat(journal.isShared()).isTrue();
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getBody(GenerationTask.class).status())
                    .isEqualTo(TaskStatus.SUCCEEDED);
        }
    }
}
