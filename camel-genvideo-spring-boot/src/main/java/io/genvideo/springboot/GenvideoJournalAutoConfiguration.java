/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.springboot;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.spi.TaskRepository;
import java.util.Arrays;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * The journal that {@code genvideo.journal} names. Without that property there is none of the starter's: the application's
 * database is never used because it happens to be there.
 */
@AutoConfiguration
@ConditionalOnClass(GenvideoComponent.class)
@ConditionalOnProperty(JournalFactory.PROPERTY)
@EnableConfigurationProperties(GenvideoProperties.class)
public class GenvideoJournalAutoConfiguration {
    private static final String BEAN = "genvideoJournal";

    /** The component opens and closes it; Spring closes the DataSource later, because Camel stops before beans end. */
    @Bean(name = BEAN, destroyMethod = "")
    TaskRepository genvideoJournal(ListableBeanFactory beans, GenvideoProperties properties) {
        Arrays.stream(beans.getBeanNamesForType(TaskRepository.class))
                .filter(name -> !name.equals(BEAN))
                .findFirst()
                .ifPresent(own -> {
                    throw new GenvideoPropertyException(
                            "The property '" + JournalFactory.PROPERTY + "' asks for a journal, but the application has"
                                    + " one of its own: the TaskRepository bean '" + own + "'.",
                            "Remove the property or the bean.");
                });
        return new JournalFactory(beans, properties).create();
    }
}
