package io.mqcontroller.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Nothing knows what is above it, and the pure packages know nothing that is not a value. */
class LayersTest {
    private static final String ROOT = "io.mqcontroller.controller.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.mqcontroller.controller");

    @Test
    void nothingBelowKnowsWhatIsAbove() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.mqcontroller.controller..")
                .withOptionalLayers(false)
                .layer("cli")
                .definedBy(ROOT + "cli..")
                .layer("http")
                .definedBy(ROOT + "http..")
                .layer("config")
                .definedBy(ROOT + "config..")
                .layer("rpc")
                .definedBy(ROOT + "rpc..")
                .layer("remoting")
                .definedBy(ROOT + "remoting..")
                .layer("controller")
                .definedBy(ROOT + "controller..")
                .layer("liveness")
                .definedBy(ROOT + "liveness..")
                .layer("election")
                .definedBy(ROOT + "election..")
                .layer("metadata")
                .definedBy(ROOT + "metadata..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("rpc")
                .mayOnlyBeAccessedByLayers("cli", "http")
                .whereLayer("remoting")
                .mayOnlyBeAccessedByLayers("cli", "http", "config", "rpc")
                .whereLayer("controller")
                .mayOnlyBeAccessedByLayers("cli", "http", "rpc", "remoting")
                .whereLayer("liveness")
                .mayOnlyBeAccessedByLayers("cli", "http", "controller")
                .whereLayer("election")
                .mayOnlyBeAccessedByLayers("cli", "controller")
                .check(CLASSES);
    }

    @Test
    void whatTheLoopIsMadeOfKnowsNothingOfTheLoop() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "controller..")
                .withOptionalLayers(false)
                .layer("loop")
                .definedBy(ROOT + "controller")
                .layer("history")
                .definedBy(ROOT + "controller.history")
                .layer("replication")
                .definedBy(ROOT + "controller.replication")
                .layer("service")
                .definedBy(ROOT + "controller.service")
                .whereLayer("loop")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("history")
                .mayOnlyBeAccessedByLayers("loop")
                .whereLayer("replication")
                .mayOnlyBeAccessedByLayers("loop", "history")
                .check(CLASSES);
    }

    @Test
    void thePurePackagesImportOnlyJavaAndEachOther() {
        classes()
                .that()
                .resideInAnyPackage(ROOT + "metadata..", ROOT + "election..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", ROOT + "metadata..", ROOT + "election..")
                .check(CLASSES);
    }

    @Test
    void thePurePackagesHaveNoClockChanceThreadOrFuture() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "metadata..", ROOT + "election..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Random|UUID)|java\\.time\\..*|java\\.util\\.concurrent\\..*|java\\.lang\\.Thread|java\\.security\\..*|java\\.(io|nio|net)\\..*")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "metadata..", ROOT + "election..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CLASSES);
    }

    @Test
    void rocketMqsWordsStopAtRemoting() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.rocketmq..")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItOwns() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));
        assertTrue(packages.size() > 5, packages.toString());
        for (String name : packages) {
            String file = "src/main/java/" + name.replace('.', '/') + "/package-info.java";
            assertTrue(Files.exists(Path.of(file)), file + " is missing");
            assertTrue(!name.matches(".*\\.(impl|util|utils|helper|common|manager)(\\..*)?"), name + " says nothing");
        }
    }
}
