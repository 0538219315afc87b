/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.wiro;

/**
 * What identifies a task.
 *
 * @param id decimal
 * @param token 30 letters and digits, by which it is queried
 * @param account hash of the key
 */
record TaskIdentity(String id, String token, String account) {}
