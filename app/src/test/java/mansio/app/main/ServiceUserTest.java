package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.main.CommandRunner.Ran;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code mansio quickstart} for the user that will serve: what is given away is tested by whoever
 * runs the tests, and what root and others are told as the one that runs them.
 */
class ServiceUserTest {
    private static final String NOBODY = "nobody";

    @TempDir Path place;
    private final Map<Path, String> given = new LinkedHashMap<>();

    private Ran quickstart(ServiceUser.Choice users, Path data, String... more) {
        return new CommandRunner(data)
                .as(
                        users,
                        Stream.concat(Stream.of("quickstart", "ann@example.org"), Stream.of(more))
                                .toArray(String[]::new));
    }

    private static UserPrincipal user(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    /** As root would do it for nobody, but files are only noted, not given away. */
    private Optional<ServiceUser> noting(Optional<String> named) throws IOException {
        assertThat(named).contains(NOBODY);
        return Optional.of(new ServiceUser(user(NOBODY), Optional.empty(), this::note));
    }

    private void note(Path file, UserPrincipal owner, Optional<GroupPrincipal> group) {
        assertThat(group).isEmpty();
        given.put(file, owner.getName());
    }

    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }

    private static String owner(Path file) throws IOException {
        return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
    }

    @Test
    void everyFileIsGivenAwayAndNoFolderAround() throws IOException {
        Path beside = place.resolve("deep").resolve("er");
        Path data = beside.resolve("data");
        Ran made = quickstart(this::noting, data, "--user", NOBODY);
        assertThat(made.err()).isEmpty();
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains("Start the server as nobody");
        assertThat(given).containsOnlyKeys(all(beside).stream().skip(1).toList());
        assertThat(given.values()).containsOnly(NOBODY);
        assertThat(given)
                .containsKeys(
                        data,
                        data.resolve("format"),
                        beside.resolve("mansio.toml"),
                        beside.resolve("mansio-cert.pem"),
                        beside.resolve("mansio-key.pem"),
                        beside.resolve("mansio-secrets.key"));
    }

    @Test
    void anEmptyFolderIsTakenOverBeforeItIsFilled() throws IOException {
        Path data = Files.createDirectory(place.resolve("data"));
        Ran made =
                quickstart(
                        named -> {
                            ServiceUser real = noting(named).orElseThrow();
                            return Optional.of(
                                    new ServiceUser(
                                            real.user(),
                                            real.group(),
                                            (file, user, group) -> {
                                                if (given.isEmpty()) {
                                                    assertThat(file).isEqualTo(data);
                                                    assertThat(all(data)).containsExactly(data);
                                                    assertThat(user.getName()).isEqualTo("root");
                                                }
                                                note(file, user, group);
                                            }));
                        },
                        data,
                        "--user",
                        NOBODY);
        assertThat(made.code()).isZero();
        assertThat(given).containsEntry(data, NOBODY);
    }

    @Test
    void aFolderOfSomethingElseIsNotTakenOver() throws IOException {
        Path data = Files.createDirectory(place.resolve("data"));
        Files.createFile(data.resolve("letter"));
        Ran refused = quickstart(this::noting, data, "--user", NOBODY);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is not empty, and no data folder");
        assertThat(given).isEmpty();
    }

    @Test
    void rootServesAsSomebodyElseAndOthersAsThemselves() throws IOException {
        Path beside = place.resolve("deep").resolve("er");
        Path data = beside.resolve("data");
        ServiceUser.Choice real = ServiceUser::choose;
        if (Ownership.isRoot()) {
            assertThat(quickstart(real, data, "--user", "no-such-user").err())
                    .startsWith("mansio: there is no user no-such-user for whom root")
                    .contains("useradd --system");
            assertThat(quickstart(real, data, "--user", "root"))
                    .isEqualTo(
                            new Ran(
                                    1,
                                    "",
                                    "mansio: serving as root is not safe; name another with"
                                            + " --user\n"));
            assertThat(beside).doesNotExist();
            isMadeFor(NOBODY, quickstart(real, data, "--user", NOBODY), data);
            Ran refused = new CommandRunner(data).run("account", "list");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("belongs to the user nobody", "sudo -u nobody mansio");
        } else {
            assertThat(quickstart(real, data, "--user", NOBODY))
                    .isEqualTo(
                            new Ran(
                                    1,
                                    "",
                                    "mansio: only root can make files for another user; leave"
                                            + " --user out\n"));
            assertThat(beside).doesNotExist();
            isMadeFor(owner(place), quickstart(real, data), data);
            assertThat(new CommandRunner(data).run("account", "list").out())
                    .isEqualTo("ann@example.org\n");
        }
    }

    private void isMadeFor(String user, Ran made, Path data) throws IOException {
        assertThat(made.err()).isEmpty();
        assertThat(made.out())
                .contains(Ownership.isRoot() ? "Start the server as " + user : "Start the server:");
        Path beside = data.getParent();
        assertThat(owner(beside)).isEqualTo(owner(place));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(beside)))
                .matches("rwx..x..x|rwx------");
        assertThat(all(beside).stream().skip(1))
                .allSatisfy(it -> assertThat(owner(it)).isEqualTo(user));
    }
}
