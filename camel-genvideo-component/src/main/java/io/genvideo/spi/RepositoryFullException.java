/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

/** The repository has no room for another record and nothing in it may be dropped. */
public class RepositoryFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RepositoryFullException(int capacity) {
        super("the task repository holds " + capacity + " records that are open, uncertain or not delivered");
    }
}
