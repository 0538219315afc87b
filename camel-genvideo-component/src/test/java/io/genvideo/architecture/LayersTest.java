/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.genvideo.model.GenvideoException;
import java.io.ObjectInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.spi.HttpResponseAware;
import org.jspecify.annotations.NullMarked;

/** The arrows of docs/design.md section 2, and what no class of ours does. */
@AnalyzeClasses(
        packages = "io.genvideo",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayersTest.NotTheSandbox.class})
class LayersTest {
    /** It is on the class path for the tests, and has a house of its own. */
    static final class NotTheSandbox implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("io/genvideo/sandbox/");
        }
    }

    private static final String CAMEL = "io.genvideo.camel..";
    private static final String ENGINE = "io.genvideo.engine..";
    private static final String SPI = "io.genvideo.spi..";
    private static final String MODEL = "io.genvideo.model..";
    private static final String HTTP = "io.genvideo.http..";
    private static final String HTTP_API = "io.genvideo.http";
    private static final String HTTP_CLIENT = "io.genvideo.http.apache..";
    private static final String PROVIDERS = "io.genvideo.provider..";
    private static final String PROVIDER_SUPPORT = "io.genvideo.provider.support..";
    private static final String PUBLIC_HTTP = "io.genvideo.http";
    private static final String REPOSITORIES = "io.genvideo.repository..";

    @ArchTest
    static final ArchRule modelNeedsNothingOfOurs = onlyOurs(MODEL);

    @ArchTest
    static final ArchRule modelKnowsOneTypeOfCamel = classes()
            .that(resideInAPackage(MODEL))
            .should(onlyDependOnClassesThat(not(resideInAPackage("org.apache.camel.."))
                    .or(DescribedPredicate.describe(
                            "HttpResponseAware", type -> type.isEquivalentTo(HttpResponseAware.class)))));

    @ArchTest
    static final ArchRule httpNeedsTheModelOnly = onlyOurs(HTTP, MODEL);

    @ArchTest
    static final ArchRule theTypesOfTheGatewayDoNotKnowItsClient = onlyOurs(HTTP_API, MODEL);

    @ArchTest
    static final ArchRule onlyTheCamelLayerChoosesTheHttpClient = noClasses()
            .that(not(resideInAnyPackage(CAMEL, HTTP_CLIENT)))
            .should()
            .dependOnClassesThat(resideInAPackage(HTTP_CLIENT));

    @ArchTest
    static final ArchRule spiNeedsHttpAndTheModel = onlyOurs(SPI, HTTP, MODEL);

    @ArchTest
    static final ArchRule engineNeedsTheSpiAndTheModel = onlyOurs(ENGINE, SPI, MODEL);

    @ArchTest
    static final ArchRule providersNeedWhatOthersCanUseToo = onlyOurs(PROVIDERS, SPI, PUBLIC_HTTP, MODEL);

    @ArchTest
    static final ArchRule providerSupportKnowsNoProvider = noClasses()
            .that(resideInAPackage(PROVIDER_SUPPORT))
            .should()
            .dependOnClassesThat(resideInAPackage(PROVIDERS).and(not(resideInAPackage(PROVIDER_SUPPORT))));

    @ArchTest
    static final ArchRule providersHaveNoCircleOfClasses =
            slices().assignedFrom(new TopLevelClassesOf(PROVIDERS)).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule providersDoNotKnowEachOther = slices().matching("io.genvideo.provider.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(DescribedPredicate.alwaysTrue(), resideInAPackage(PROVIDER_SUPPORT));

    @ArchTest
    static final ArchRule repositoriesNeedTheSpiAndTheModel = onlyOurs(REPOSITORIES, SPI, MODEL);

    @ArchTest
    static final ArchRule repositoriesDoNotKnowEachOther = slices().matching("io.genvideo.repository.(*)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyNeedsTheCamelLayer =
            noClasses().that(not(resideInAPackage(CAMEL))).should().dependOnClassesThat(resideInAPackage(CAMEL));

    @ArchTest
    static final ArchRule theEngineIsFreeOfCamelSqlJsonAndHttp = noClasses()
            .that(resideInAPackage(ENGINE))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "org.apache.camel..",
                    "java.sql..",
                    "javax.sql..",
                    "com.fasterxml.jackson..",
                    "org.apache.hc..",
                    "java.net.http.."));

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "Thread.sleep",
                    call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                            && call.getName().equals("sleep")));

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    @ArchTest
    static final ArchRule theSystemClockIsChosenInTheCamelLayerOnly =
            noClasses().that(not(resideInAPackage(CAMEL))).should().callMethod(InstantSource.class, "system");

    @ArchTest
    static final ArchRule chanceIsInjected = noClasses()
            .that(not(resideInAPackage(CAMEL)))
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule nothingIsDeserialised =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    @ArchTest
    static final ArchRule logsGoThroughTheFacade =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.apache.logging.."));

    @ArchTest
    static final ArchRule exceptionsForOthersAreUncheckedAndNamedSo = classes()
            .that()
            .areAssignableTo(Throwable.class)
            .and()
            .arePublic()
            .should()
            .beAssignableTo(RuntimeException.class)
            .andShould()
            .haveSimpleNameEndingWith("Exception");

    @ArchTest
    static final ArchRule whatARouteCatchesHasOneRoot = classes()
            .that(resideInAPackage(MODEL))
            .and()
            .haveSimpleNameEndingWith("Exception")
            .and()
            .doNotHaveSimpleName("WaitReleasedException")
            .should()
            .beAssignableTo(GenvideoException.class);

    @ArchTest
    static final ArchRule noStateIsShared = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(resideInAPackage("io.genvideo.."))
            .should()
            .beFinal();

    /** Says for each package what it is there for, and is where the null checker looks. */
    @ArchTest
    static void everyPackageIsDescribedAndNullMarked(JavaClasses ours) {
        Set<String> packages = new TreeSet<>();
        ours.stream().filter(LayersTest::isWritten).forEach(type -> packages.add(type.getPackageName()));
        List<String> bare = packages.stream()
                .filter(name -> !ours.contain(name + ".package-info")
                        || !ours.get(name + ".package-info").isAnnotatedWith(NullMarked.class))
                .toList();
        assertThat(packages).contains("io.genvideo.engine", "io.genvideo.model", "io.genvideo.spi");
        assertThat(bare).isEmpty();
    }

    /** Camel's generator writes classes of its own, in packages that have no other. */
    private static boolean isWritten(JavaClass type) {
        return !type.isAnnotatedWith("org.apache.camel.spi.annotations.Generated")
                && !type.getSimpleName().equals("package-info");
    }

    /** Each class of a package tree is a slice of its own, together with the classes in it. */
    private record TopLevelClassesOf(String packages) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!resideInAPackage(packages).test(type)) {
                return SliceIdentifier.ignore();
            }
            String name = type.getName();
            int nested = name.indexOf('$');
            return SliceIdentifier.of(nested < 0 ? name : name.substring(0, nested));
        }

        @Override
        public String getDescription() {
            return "the top-level classes of " + packages;
        }
    }

    private static ArchRule onlyOurs(String from, String... to) {
        DescribedPredicate<JavaClass> allowed = not(resideInAPackage("io.genvideo.."));
        allowed = allowed.or(resideInAPackage(from));
        if (to.length > 0) {
            allowed = allowed.or(resideInAnyPackage(to));
        }
        return classes()
                .that(resideInAPackage(from))
                .should(onlyDependOnClassesThat(allowed.as("residing in %s or %s", from, String.join(", ", to))))
                .allowEmptyShould(true);
    }
}
