/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.spi.GenerationProviderFactory;
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
     * No injection point asks for a provider of the application, so Quarkus would remove it. A journal needs no such step: Camel
     * Quarkus keeps beans of the types of a component's options.
     */
    @BuildStep
    UnremovableBeanBuildItem providersOfTheApplication() {
        return UnremovableBeanBuildItem.beanTypes(GenerationProviderFactory.class);
    }
}
