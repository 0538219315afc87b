/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The starter's own properties.
 *
 * @param journal journal of tasks: {@code datasource}, {@code datasource:name}, {@code file:path} or {@code memory}
 * @param journalCallTimeout how long the journal's database may take for one call, from 1 ms to 10 minutes; the repository's
 *     own default if {@code null}
 */
@ConfigurationProperties("genvideo")
record GenvideoProperties(
        @Nullable String journal, @Nullable Duration journalCallTimeout) {}
