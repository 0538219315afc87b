/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.repository.memory;

import io.genvideo.repository.TaskRepositoryContract;
import io.genvideo.spi.TaskRepository;
import java.time.InstantSource;

class MemoryTaskRepositoryContractTest extends TaskRepositoryContract {
    @Override
    protected TaskRepository empty() {
        return new MemoryTaskRepository(InstantSource.system());
    }
}
