package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher in checkouts made up for the test, with a Java and a Maven that only tell. */
class LauncherTest {
    private static final List<String> TOOLS =
            List.of(
                    "bash",
                    "readlink",
                    "find",
                    "ls",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "rm",
                    "sed",
                    "sleep",
                    "flock");

    /** Long ago, whatever the clock says: what the launcher builds now is newer. */
    private static final Instant BUILT = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir Path folder;
    private Path checkout;
    private Path path;

    private record Outcome(int exit, String output) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        Files.copy(Tree.ROOT.resolve("mansio"), checkout.resolve("mansio"));
        Files.createDirectory(checkout.resolve("dist"));
        Files.copy(Tree.ROOT.resolve("dist/sendmail.sh"), checkout.resolve("dist/sendmail.sh"));
        path = Files.createDirectories(folder.resolve("path"));
        for (String module : List.of("codec", "app")) {
            Path source = checkout.resolve(module).resolve("src/main/java/A.java");
            Files.createDirectories(source.getParent());
            Files.createFile(source);
            Files.createFile(checkout.resolve(module).resolve("pom.xml"));
            jar(module);
        }
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createDirectories(checkout.resolve("app/target/lib"));
        age(checkout, BUILT.minusSeconds(60));
        for (String module : List.of("codec", "app")) {
            age(jar(module), BUILT);
        }
    }

    @Test
    void passesArgumentsToTheProgram() throws Exception {
        Outcome outcome = launch(jdk("25.0.1"), "mansio", "serve", "--local", "two words");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.output())
                .contains("[-cp]")
                .endsWith("[mansio.app.main.Main]\n[serve]\n[--local]\n[two words]\n");
    }

    @Test
    void findsItselfThroughLinksAndSaysAsWhatItWasCalled() throws Exception {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, checkout.resolve("mansio"));
        for (String name : List.of("sendmail", "mailq", "newaliases"))
            Files.createSymbolicLink(folder.resolve(name), link);
        for (String name : List.of("sendmail", "mailq")) {
            Outcome outcome = launch(jdk("25"), "../" + name, "-bp");
            assertThat(outcome.output()).endsWith("[mailq]\n");
            assertThat(outcome.output()).contains(checkout.toRealPath() + "/app/target/lib/*");
        }
        assertThat(launch(jdk("25"), "../sendmail", "-q15m").output())
                .endsWith("[queue]\n[retry]\n[--all]\n");
        assertThat(launch(jdk("25"), "../newaliases"))
                .isEqualTo(
                        new Outcome(
                                0,
                                "newaliases: nothing to do; aliases are changed by 'mansio alias'"
                                        + " and hold at once\n"));
    }

    @Test
    void saysWhatToInstallWhenJavaIsTooOld() throws Exception {
        hideTheMachinesJava();
        Outcome outcome = launch(jdk("17.0.9"), "mansio");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .startsWith(
                        "mansio: needs a Java Development Kit (JDK) 25, and the newest found is"
                                + " Java 17 in $JAVA_HOME, $PATH, /usr/lib/jvm and SDKMAN.\n")
                .contains("Install one, such as Eclipse Temurin 25 (https://adoptium.net)");
    }

    @Test
    void saysWhatToInstallWhenThereIsNoJava() throws Exception {
        hideTheMachinesJava();
        Outcome outcome = launch(folder.resolve("nothing"), "mansio");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .startsWith("mansio: needs a Java Development Kit (JDK) 25, and none was found in")
                .contains("Install one, such as Eclipse Temurin 25 (https://adoptium.net)");
    }

    @Test
    void findsTheJavaOfThePathAndOfSdkman() throws Exception {
        hideTheMachinesJava();
        jdk("25"); // and the mvn that is needed to look whether something is stale
        Path nothing = folder.resolve("nothing");
        Path sdkman = folder.resolve(".sdkman/candidates/java");
        Files.createDirectories(sdkman);
        Files.move(folder.resolve("jdk-25"), sdkman.resolve("25-tem"));
        assertThat(launch(nothing, "mansio", "status").output()).contains("[status]");
        Files.move(sdkman.resolve("25-tem"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(path.resolve("java"), folder.resolve("elsewhere/bin/java"));
        assertThat(launch(nothing, "mansio", "status").output()).contains("[status]");
    }

    @Test
    void saysThatARuntimeIsNotEnoughToBuild() throws Exception {
        Files.delete(jar("app"));
        Path jdk = jdk("25");
        Files.delete(jdk.resolve("bin/javac"));
        Outcome outcome = launch(jdk, "mansio");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("has no compiler: install a whole JDK 25, not only its runtime");
    }

    /** A machine's own JDK 25 is looked for, too: keep this launcher away from it. */
    private void hideTheMachinesJava() throws IOException {
        Path launcher = checkout.resolve("mansio");
        String text =
                Files.readString(launcher)
                        .replace("/usr/lib/jvm/* ", "")
                        .replaceAll("(?m)^ +/opt/.*; do$", "        ; do");
        Files.writeString(launcher, text);
    }

    /** As the README says it: two commands, one that runs the server and one that tests it. */
    @Test
    void theReadmeSetsUpWithTwoCommands() {
        String readme = Tree.read(Path.of("README.md"));
        String setUp = readme.substring(readme.indexOf("## Set up"), readme.indexOf("## See"));
        assertThat(setUp.lines().filter(line -> line.startsWith("    ")))
                .containsExactly("    ./mansio serve --local", "    mvn verify");
    }

    @Test
    void buildsWhatIsStaleOnceAndOnlyThen() throws Exception {
        Path jdk = jdk("25");
        assertThat(launch(jdk, "mansio").output()).doesNotContain("maven was called");

        age(checkout.resolve("codec/src/main/java/A.java"), BUILT.plusSeconds(5));
        assertThat(launch(jdk, "mansio").output())
                .contains("mansio: building")
                .contains("maven was called: -q -B -Dstyle.color=never -DskipTests package")
                .doesNotContain("\u001b");
        // This Maven makes no new jar; a source that changes none must not be built for ever.
        assertThat(launch(jdk, "mansio").output()).doesNotContain("maven was called");
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(jar("app"));
        Path jdk = jdk("25");
        Files.delete(path.resolve("mvn"));
        Outcome outcome = launch(jdk, "mansio");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("Maven (mvn) is missing");
    }

    @Test
    void saysThatTheBuildFailed() throws Exception {
        Files.delete(jar("app"));
        Path jdk = jdk("25");
        script(path.resolve("mvn"), "exit 1");
        Outcome outcome = launch(jdk, "mansio");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("the build failed").doesNotContain("Main");
    }

    private Path jar(String module) throws IOException {
        Path jar = checkout.resolve(module + "/target/" + module + "-1.jar");
        Files.createDirectories(jar.getParent());
        return Files.exists(jar) ? jar : Files.createFile(jar);
    }

    /** A Java home whose java prints its arguments, and a mvn in the search path. */
    private Path jdk(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdk-" + version));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "printf '[%s]\\n' \"$@\"");
        script(home.resolve("bin/javac"), "exit 1");
        // Some Mavens print this even when they are told to colour nothing.
        script(path.resolve("mvn"), "printf '\\033[0m'; echo maven was called: $*");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void age(Path start, Instant time) throws IOException {
        try (var files = Files.walk(start)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(time));
            }
        }
    }

    private Outcome launch(Path javaHome, String name, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(checkout.resolve(name).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put("HOME", folder.toString());
        // The launcher's tools without the machine's own mvn.
        for (String tool : TOOLS) {
            script(path.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
        }
        environment.put("PATH", path.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), output);
    }
}
