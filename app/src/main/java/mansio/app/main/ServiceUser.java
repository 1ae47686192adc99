package mansio.app.main;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user that will serve, for whom root makes the first files: serving as root is refused.
 *
 * @param group of the same name, if there is one
 * @param owners gives files away
 */
record ServiceUser(UserPrincipal user, Optional<GroupPrincipal> group, Owners owners) {
    /** Of the systemd unit. */
    private static final String USUAL = "mansio";

    /** Who it is. */
    @FunctionalInterface
    interface Choice {
        /**
         * @param named on the command line
         * @return empty: who runs this serves, too
         */
        Optional<ServiceUser> choose(Optional<String> named) throws IOException;
    }

    /** Who owns a file. An ordinary user may ask, and only root may change it. */
    @FunctionalInterface
    interface Owners {
        /**
         * Gives one file or folder away; what a link leads to stays as it is.
         *
         * @param group empty: as it was
         */
        void set(Path file, UserPrincipal user, Optional<GroupPrincipal> group) throws IOException;
    }

    /** Somebody else than root; empty when this process is not root's. */
    static Optional<ServiceUser> choose(Optional<String> named) throws IOException {
        if (!Ownership.isRoot()) {
            if (named.isEmpty()) return Optional.empty();
            throw new IOException("only root can make files for another user; leave --user out");
        }
        String name = named.orElse(USUAL);
        UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
        try {
            UserPrincipal user = users.lookupPrincipalByName(name);
            if (user.equals(users.lookupPrincipalByName("root"))) {
                throw new IOException("serving as root is not safe; name another with --user");
            }
            return Optional.of(new ServiceUser(user, group(users, name), ServiceUser::chown));
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    ("there is no user %s for whom root could make the files; make one (useradd"
                                    + " --system --home-dir /var/lib/mansio %s) or name another"
                                    + " with --user")
                            .formatted(name, name),
                    e);
        }
    }

    private static Optional<GroupPrincipal> group(UserPrincipalLookupService users, String name)
            throws IOException {
        try {
            return Optional.of(users.lookupPrincipalByGroupName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Prepares a folder for being filled by root. What is in use is not taken over: its user may
     * have put links into it that lead to files of root's.
     *
     * @throws IOException when it is no data folder, or not root's, with a sentence
     */
    void prepare(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) Files.createDirectories(parent);
        if (!Files.exists(folder)) return;
        if (isEmpty(folder)) {
            owners.set(folder, root(), Optional.empty());
            return;
        }
        if (!Files.exists(folder.resolve("format"))) {
            throw new IOException(folder + " is not empty, and no data folder of a mansio");
        }
        Ownership.check(folder);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    private static UserPrincipal root() throws IOException {
        return FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName("root");
    }

    /** Gives a file, or a folder with all that is in it, to this user. */
    void give(Path given) throws IOException {
        if (!Files.exists(given, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> all = Files.walk(given)) {
            for (Path one : (Iterable<Path>) all::iterator) owners.set(one, user, group);
        }
    }

    private static void chown(Path file, UserPrincipal user, Optional<GroupPrincipal> group)
            throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (group.isPresent()) view.setGroup(group.get());
        view.setOwner(user);
    }
}
