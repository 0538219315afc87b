/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.TaskRepository;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;

/** What every application needs, whatever it is packaged as. */
final class GenvideoProcessor {
    static final String FEATURE = "camel-genvideo";

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem(FEATURE);
    }

    /**
     * No injection point asks for these, so Quarkus would remove them, and the component would keep paid tasks in memory
     * although the application has a journal.
     */
    @BuildStep
    UnremovableBeanBuildItem beansOfTheComponent() {
        return UnremovableBeanBuildItem.beanTypes(TaskRepository.class, GenerationProviderFactory.class);
    }
}
