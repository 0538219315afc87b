/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The journal in a database, H2 or PostgreSQL: what is paid for survives the process, and several processes share it.
 *
 * <p>Start at {@link io.genvideo.repository.jdbc.JdbcTaskRepository}, which says in SQL what the contract says in words.
 * {@code Database} keeps the connection that {@code Connector} opens, {@code Session} talks over it, {@code GroupWrite} writes
 * several records in one transaction, {@code TaskRow} is a record as a row, {@code Dialect} holds all that the two databases do
 * differently.
 */
@NullMarked
package io.genvideo.repository.jdbc;

import org.jspecify.annotations.NullMarked;
