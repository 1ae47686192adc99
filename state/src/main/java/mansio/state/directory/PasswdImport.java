package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.state.password.SchemeParser;
import mansio.state.password.StoredPassword;
import mansio.state.password.UnusableHashException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes over the users of a Dovecot passwd-file. Their hashes are kept as they are until the first
 * log-in. Every line is reported. Safe for use by any thread.
 */
public final class PasswdImport {
    /** Lines that one call may bring. */
    public static final int MAX_LINES = 400;

    private static final String NO_LOGIN = "nologin";

    private final StoredDirectory directory;
    private final DirectoryEditor editor;
    private final SchemeParser schemes;

    public PasswdImport(StoredDirectory directory, DirectoryEditor editor, SchemeParser schemes) {
        this.directory = directory;
        this.editor = editor;
        this.schemes = schemes;
    }

    /**
     * What became of one line.
     *
     * @param line counted from 1
     * @param name as the file has it; empty for a line without one
     * @param kept there is an account now
     * @param note why not, or what of the line was left out; may be empty for what was kept
     */
    public record Result(int line, String name, boolean kept, String note) {}

    /**
     * Takes over some lines, all in one write.
     *
     * @param lines at most {@value #MAX_LINES}, without their ends
     * @param firstLine the number of the first of them in the file
     * @param domain for names without one; empty: such lines are refused
     * @return one result for each line that is not empty and no comment
     */
    public List<Result> take(List<String> lines, int firstLine, Optional<Domain> domain)
            throws IOException {
        if (lines.size() > MAX_LINES) {
            throw new IllegalArgumentException(lines.size() + " lines at once");
        }
        List<Result> results = new ArrayList<>();
        directory.change(
                (tables, changes) -> {
                    Batch batch = new Batch(tables, changes);
                    for (int i = 0; i < lines.size(); i++) {
                        int number = firstLine + i;
                        switch (PasswdLine.parse(lines.get(i))) {
                            case PasswdLine.Nothing _ -> {}
                            case PasswdLine.Malformed(String reason) ->
                                    results.add(new Result(number, "", false, reason));
                            case PasswdLine.User user ->
                                    results.add(batch.take(number, user, domain));
                        }
                    }
                    return Outcome.done(results);
                });
        return results;
    }

    /** The lines of one write: later ones see what earlier ones added. */
    private final class Batch {
        private final Tables tables;
        private final Consumer<Change> changes;
        private final Set<AddressKey> added = new HashSet<>();
        private final Set<Domain> given = new HashSet<>();

        Batch(Tables tables, Consumer<Change> changes) {
            this.tables = tables;
            this.changes = changes;
        }

        Result take(int line, PasswdLine.User user, Optional<Domain> domain) {
            Optional<Address> address = address(user.name(), domain);
            if (address.isEmpty()) {
                String reason =
                        user.name().indexOf('@') < 0 && domain.isEmpty()
                                ? "the name has no domain; say which one it belongs to with"
                                        + " --domain"
                                : "the name is no mail address";
                return new Result(line, user.name(), false, reason);
            }
            if (AddressKey.of(address.get()).filter(added::contains).isPresent()) {
                return new Result(line, user.name(), false, "an earlier line has the same name");
            }
            StoredPassword stored;
            try {
                stored = schemes.parse(user.password());
            } catch (UnusableHashException e) {
                return new Result(line, user.name(), false, e.reason());
            }
            Credentials credentials =
                    new Credentials(1, Optional.of(stored.text()), Optional.empty());
            return switch (editor.add(
                    tables, address.get(), credentials, change -> put(change, user))) {
                case Outcome.Refused<Account>(Outcome.Problem _, String sentence) ->
                        new Result(line, user.name(), false, sentence);
                case Outcome.Done<Account> _ -> {
                    AddressKey.of(address.get()).ifPresent(added::add);
                    yield new Result(line, user.name(), true, note(user));
                }
            };
        }

        /** Passes changes on: a user without log-in is disabled, a domain gets one admin. */
        private void put(Change change, PasswdLine.User user) {
            boolean noLogin = user.extras().contains(NO_LOGIN);
            if (change instanceof Change.PutAccount(AccountEntry entry) && noLogin) {
                long version = entry.account().credentialVersion();
                changes.accept(new Change.PutAccount(entry.withEnabled(false, version)));
            } else if (!(change instanceof Change.PutDomain(DomainEntry entry))
                    || given.add(entry.domain())) {
                changes.accept(change);
            }
        }
    }

    private static Optional<Address> address(String name, Optional<Domain> domain) {
        if (name.indexOf('@') >= 0) {
            return Address.tryParse(name).filter(it -> it.domain().isPresent());
        }
        try {
            LocalPart localPart = LocalPart.parse(name);
            return domain.map(it -> new Address(localPart, it));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    private static String note(PasswdLine.User user) {
        List<String> left =
                user.extras().stream().filter(it -> !it.equals(NO_LOGIN)).distinct().toList();
        String disabled = user.extras().contains(NO_LOGIN) ? "disabled, as it was there" : "";
        String fields = left.isEmpty() ? "" : "not taken over: " + String.join(", ", left);
        return disabled + (disabled.isEmpty() || fields.isEmpty() ? "" : "; ") + fields;
    }
}
