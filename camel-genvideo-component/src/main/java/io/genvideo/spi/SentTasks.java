/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/**
 * How many records of an account one owner has whose create call was announced and that have not ended.
 *
 * @param owner {@link TaskOwner#id()}; empty if they want an owner and have none
 * @param account {@code provider/account name}
 */
public record SentTasks(String owner, String account, long records) {}
