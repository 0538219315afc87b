/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.quarkus.deployment;

import io.genvideo.camel.GeneratedFile;
import io.genvideo.model.GenerationTask;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.spi.GenerationProviderFactory;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.ExtensionSslNativeSupportBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBundleBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourcePatternsBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ServiceProviderBuildItem;
import io.quarkus.deployment.pkg.builditem.ArtifactResultBuildItem;
import io.quarkus.deployment.pkg.steps.NativeOrNativeSourcesBuild;
import java.util.ArrayList;
import java.util.List;
import org.jboss.jandex.ClassInfo;
import org.jboss.logging.Logger;

/** What a native executable must be told. Prepared, not verified: no native build has been run (docs/quarkus.md). */
final class NativeProcessor {
    private static final String MODEL = GenerationTask.class.getPackageName();
    private static final Logger LOG = Logger.getLogger(NativeProcessor.class);

    @BuildStep
    ExtensionSslNativeSupportBuildItem tls() {
        return new ExtensionSslNativeSupportBuildItem(GenvideoProcessor.FEATURE);
    }

    /** Jackson reads and writes the model; expressions of routes call methods of it, of its exceptions and of results. */
    @BuildStep
    ReflectiveClassBuildItem reflection(CombinedIndexBuildItem index) {
        List<String> names = new ArrayList<>();
        for (ClassInfo type : index.getIndex().getClassesInPackage(MODEL)) {
            names.add(type.name().toString());
        }
        names.add(GeneratedFile.class.getName());
        names.add(JdbcTaskRepository.class.getName());
        return ReflectiveClassBuildItem.builder(names)
                .reason(NativeProcessor.class.getName())
                .methods()
                .fields()
                .build();
    }

    @BuildStep
    ServiceProviderBuildItem providers() {
        return ServiceProviderBuildItem.allProvidersFromClassPath(GenerationProviderFactory.class.getName());
    }

    /** Catalogues of providers, and the statements that create the journal's tables. */
    @BuildStep
    NativeImageResourcePatternsBuildItem resources() {
        return NativeImageResourcePatternsBuildItem.builder()
                .includeGlobs("io/genvideo/provider/**/*.json", "io/genvideo/repository/**/*.sql")
                .build();
    }

    @BuildStep
    NativeImageResourceBundleBuildItem messages() {
        return new NativeImageResourceBundleBuildItem(MODEL + ".UserMessages");
    }

    @BuildStep(onlyIf = NativeOrNativeSourcesBuild.class)
    @Produce(ArtifactResultBuildItem.class)
    void warn() {
        LOG.warn("camel-genvideo: a native executable is prepared for, but has never been built and tested."
                + " Run one video through it before you rely on it");
    }
}
