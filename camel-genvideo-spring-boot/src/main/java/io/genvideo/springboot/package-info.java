/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The starter for Spring Boot: the component {@code genvideo} configured from the application's properties, with a journal,
 * health and metrics, and without code.
 *
 * <p>Start at {@code GenvideoComponentAutoConfiguration}. {@code ComponentProperties} reads what stands under
 * {@code camel.component.genvideo}, {@code ComponentBinder} sets the options, and {@code GenvideoPropertyFailureAnalyzer}
 * explains at the start which property is wrong. {@code GenvideoJournalAutoConfiguration} makes the journal that
 * {@code genvideo.journal} names.
 */
@NullMarked
package io.genvideo.springboot;

import org.jspecify.annotations.NullMarked;
