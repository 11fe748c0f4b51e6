package io.mqcontroller.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The core knows nothing that is not a value; nothing below knows what is above it. */
class LayersTest {
    private static final String ROOT = "io.mqcontroller.agent.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.mqcontroller.agent");

    @Test
    void theCoreImportsOnlyJavaAndItself() {
        classes()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", ROOT + "core..")
                .check(CLASSES);
    }

    @Test
    void theCoreHasNoClockChanceThreadOrFuture() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Random|UUID)|java\\.time\\..*|java\\.util\\.concurrent\\..*|java\\.lang\\.Thread|java\\.security\\..*|java\\.(io|nio|net)\\..*")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CLASSES);
    }

    @Test
    void arrowsPointDownward() {
        classes()
                .that()
                .resideInAPackage(ROOT + "spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", ROOT + "core..", ROOT + "spi..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "rocketmq..", "org.apache..", "io.netty..", "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void theBindingSeesNoProtobuf() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "rocketmq..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google..", "io.mqcontroller.proto..")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItOwns() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));
        assertFalse(packages.isEmpty());
        for (String name : packages) {
            String file = "src/main/java/" + name.replace('.', '/') + "/package-info.java";
            assertTrue(Files.exists(Path.of(file)), file + " is missing");
            assertTrue(!name.matches(".*\\.(impl|util|utils|helper|common|manager)(\\..*)?"), name + " says nothing");
        }
    }
}
