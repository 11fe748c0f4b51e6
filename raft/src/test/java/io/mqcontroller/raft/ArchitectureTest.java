package io.mqcontroller.raft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** The rules of the packages, kept by the build. */
class ArchitectureTest {
    private static final JavaClasses RAFT = readRaft();

    private static JavaClasses readRaft() {
        // The rules are about names; reading all of the JDK and Netty as well would take many times as long.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.mqcontroller.raft");
    }

    @Test
    void coreKnowsOnlyItselfAndPlainJava() {
        classes()
                .that()
                .resideInAPackage("..raft.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.mqcontroller.raft.core..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.nio",
                        "java.nio.charset",
                        "java.util",
                        "java.util.function",
                        "java.util.random",
                        "java.util.stream",
                        "java.util.zip")
                .check(RAFT);
    }

    @Test
    void coreKnowsNoThreadNoClockAndNoChanceOfItsOwn() {
        for (Class<?> impure : new Class<?>[] {
            Thread.class,
            ThreadLocal.class,
            Runtime.class,
            ProcessHandle.class,
            java.util.Random.class,
            java.util.UUID.class,
            java.util.Timer.class,
            java.util.Date.class
        }) {
            noClasses()
                    .that()
                    .resideInAPackage("..raft.core..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(impure)
                    .check(RAFT);
        }
        noClasses()
                .that()
                .resideInAPackage("..raft.core..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(System.class)
                .check(RAFT);
    }

    @Test
    void coreIteratesOverNothingWhoseOrderChangesBetweenRuns() {
        noClasses()
                .that()
                .resideInAPackage("..raft.core..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(HashMap|HashSet|IdentityHashMap|WeakHashMap)")
                .orShould()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "calls Set.of, Set.copyOf, Map.of or Map.copyOf",
                        call -> (call.getTargetOwner().isEquivalentTo(java.util.Set.class)
                                        || call.getTargetOwner().isEquivalentTo(java.util.Map.class))
                                && (call.getName().equals("of")
                                        || call.getName().equals("copyOf"))))
                .check(RAFT);
    }

    @Test
    void layersPointDownward() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("core")
                .definedBy("..raft.core..")
                .layer("codec")
                .definedBy("..raft.codec..")
                .layer("log")
                .definedBy("..raft.log..")
                .layer("transport")
                .definedBy("..raft.transport..")
                .layer("node")
                .definedBy("..raft.node..")
                .whereLayer("node")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("node")
                .whereLayer("transport")
                .mayOnlyBeAccessedByLayers("node")
                .whereLayer("codec")
                .mayOnlyBeAccessedByLayers("log", "transport", "node")
                .whereLayer("core")
                .mayOnlyBeAccessedByLayers("codec", "log", "transport", "node")
                .check(RAFT);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.mqcontroller.raft.(*)..")
                .should()
                .beFreeOfCycles()
                .check(RAFT);
    }
}
