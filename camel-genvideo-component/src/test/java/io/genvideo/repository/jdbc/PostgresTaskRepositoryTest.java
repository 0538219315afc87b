/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.jdbc;

import io.genvideo.repository.DurableTaskRepositoryContract;
import io.genvideo.spi.TaskRepository;
import javax.sql.DataSource;

class PostgresTaskRepositoryTest extends DurableTaskRepositoryContract {
    private final DataSource source = PostgresServer.shared().newSchema();

    @Override
    protected TaskRepository empty() {
        return new JdbcTaskRepository(source);
    }

    @Override
    protected TaskRepository another() {
        return new JdbcTaskRepository(source);
    }

    @Override
    protected TaskRepository reopen() {
        return new JdbcTaskRepository(source);
    }
}
