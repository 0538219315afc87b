/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.quarkus;

import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.TaskRepository;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/**
 * Keeps the tasks in the database of the application, so that what is paid survives it. Only in production: the tasks of dev
 * mode end with its sandbox.
 */
class Journal {
    @Produces
    @Singleton
    @IfBuildProfile("prod")
    TaskRepository journal(DataSource database) {
        return new JdbcTaskRepository(database);
    }
}
