package mansio.app.tree;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Floors and rooms: docs/design/house.md. */
class FloorsTest {
    /** From the lowest up. A floor uses only floors below it. */
    private static final List<String> FLOORS =
            List.of("codec", "net", "trust", "state", "serve", "app");

    private static final List<String> SERVER_ROOMS =
            List.of("smtpserver", "imapserver", "pop3server", "jmapserver", "sieveserver", "web");

    private static final Set<String> BANNED_NAMES =
            Set.of("util", "utils", "common", "misc", "impl", "internal", "manager", "helper");

    @Test
    void everyClassLivesInARoomOfAFloor() {
        List<String> floors = new ArrayList<>(FLOORS);
        floors.add("testkit");
        for (JavaClass type : Classes.MAIN) {
            String[] names = type.getPackageName().split("\\.");
            assertThat(names).as(type.getName()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(names[0]).as(type.getName()).isEqualTo("mansio");
            assertThat(floors).as(type.getName()).contains(names[1]);
        }
    }

    @Test
    void aFloorUsesOnlyFloorsBelowIt() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            List<String> above = FLOORS.subList(floor + 1, FLOORS.size());
            if (!above.isEmpty()) {
                noClasses()
                        .that()
                        .resideInAPackage(floor(FLOORS.get(floor)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above.stream().map(this::floor).toArray(String[]::new))
                        .allowEmptyShould(true)
                        .check(Classes.MAIN);
            }
        }
    }

    @Test
    void theTestKitIsForTestsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("mansio.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("mansio.testkit..")
                .check(Classes.MAIN);
    }

    @Test
    void serverRoomsAreUsedByTheAppOnly() {
        for (String room : SERVER_ROOMS) {
            classes()
                    .that()
                    .resideInAPackage("mansio.serve." + room + "..")
                    .should()
                    .onlyHaveDependentClassesThat()
                    .resideInAnyPackage("mansio.serve." + room + "..", "mansio.app..")
                    .allowEmptyShould(true)
                    .check(Classes.MAIN);
        }
    }

    @Test
    void roomsDoNotUseEachOtherInACircle() {
        slices().matching("mansio.(*).(*)..").should().beFreeOfCycles().check(Classes.MAIN);
    }

    @Test
    void onlyTheStoreKnowsItsEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("mansio.state.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(Classes.MAIN);
    }

    @Test
    void onlyTheResolverKnowsTheWireFormatOfTheDns() {
        noClasses()
                .that()
                .resideOutsideOfPackages("mansio.net.dns..", "mansio.testkit.dns..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.xbill.DNS..")
                .check(Classes.MAIN);
    }

    @Test
    void onlySearchKnowsItsEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("mansio.state.search..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene..")
                .check(Classes.MAIN);
    }

    @Test
    void theCodecTouchesNoSocketsFilesOrThreads() {
        noClasses()
                .that()
                .resideInAPackage("mansio.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.File.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class,
                        java.io.RandomAccessFile.class,
                        java.net.Socket.class,
                        java.net.ServerSocket.class,
                        Thread.class)
                .check(Classes.MAIN);
    }

    @Test
    void noPackageIsNamedAfterNothing() {
        for (JavaClass type : Classes.MAIN) {
            assertThat(type.getPackageName().split("\\."))
                    .as(type.getName())
                    .doesNotContainAnyElementsOf(BANNED_NAMES);
        }
    }

    private String floor(String name) {
        return "mansio." + name + "..";
    }
}
