package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.Answer;
import mansio.serve.admin.ImportDkim;
import mansio.serve.admin.Secret;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.OpenDkimTables;
import mansio.state.dkimkey.OpenDkimTables.Fate;
import mansio.state.dkimkey.OpenDkimTables.Result;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code mansio dkim import}. The files are read here, as the server may not be able to. */
@Command(name = "import", description = "Takes over keys that were made elsewhere.")
final class DkimImport implements Callable<Integer> {
    private static final long MAX_KEY_BYTES = 64 << 10;
    private static final long MAX_TABLE_BYTES = 16 << 20;

    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    DkimImport(Desk desk) {
        this.desk = desk;
    }

    /** What is taken over. Each is null when the other was named. */
    static final class What {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable OneKey key;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable Tables tables;
    }

    /** One key. The parser insists on the first three. */
    static final class OneKey {
        @Option(
                names = "--private",
                required = true,
                paramLabel = "FILE",
                description = "The private key, in PEM.")
        private @Nullable Path file;

        @Option(names = "--domain", required = true, paramLabel = "DOMAIN")
        private @Nullable Domain domain;

        @Option(names = "--selector", required = true, paramLabel = "NAME")
        private @Nullable String selector;

        @Option(
                names = "--for",
                paramLabel = "PATTERN",
                description = "Senders it is for, such as news-*@example.org.")
        private List<String> senders = new ArrayList<>();
    }

    /** The tables of an OpenDKIM. The parser insists on the first. */
    static final class Tables {
        @Option(names = "--key-table", required = true, paramLabel = "FILE")
        private @Nullable Path keys;

        // Absent: each key is for its domain.
        @Option(names = "--signing-table", paramLabel = "FILE")
        private @Nullable Path signing;

        // Absent: nothing is said of hosts.
        @Option(names = "--trusted-hosts", paramLabel = "FILE")
        private @Nullable Path hosts;
    }

    /** What became of each line. */
    record Report(int kept, int changed, int dropped, List<Result> results) implements Answer {
        Report {
            results = List.copyOf(results);
        }

        static Report of(List<Result> results) {
            return new Report(
                    count(results, Fate.KEPT),
                    count(results, Fate.CHANGED),
                    count(results, Fate.DROPPED),
                    results);
        }

        private static int count(List<Result> results, Fate fate) {
            return (int) results.stream().filter(it -> it.fate() == fate).count();
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (Result it : results) {
                String note = it.note().isEmpty() ? "" : ": " + it.note();
                String fate = it.fate().name().toLowerCase(Locale.ROOT);
                lines.add(
                        "%s, line %d: %s: %s%s"
                                .formatted(it.table().text(), it.line(), it.text(), fate, note));
            }
            lines.add(kept + " kept, " + changed + " changed, " + dropped + " dropped.");
            return lines;
        }

        @Override
        public boolean satisfied() {
            return dropped == 0;
        }
    }

    @Override
    public Integer call() throws IOException {
        OneKey one = what.key;
        if (one == null) return tables(Objects.requireNonNull(what.tables));
        Secret key = read(Objects.requireNonNull(one.file));
        return desk.ask(
                options,
                new ImportDkim(
                        Objects.requireNonNull(one.domain),
                        Objects.requireNonNull(one.selector),
                        key,
                        one.senders));
    }

    private int tables(Tables tables) throws IOException {
        Path signing = tables.signing;
        OpenDkimTables.Plan plan =
                OpenDkimTables.plan(
                        lines(Objects.requireNonNull(tables.keys)),
                        signing == null ? Optional.empty() : Optional.of(lines(signing)),
                        tables.hosts == null ? List.of() : lines(tables.hosts));
        return desk.ask(options, respondent -> taken(respondent, plan));
    }

    private static Outcome<Report> taken(Respondent respondent, OpenDkimTables.Plan plan)
            throws IOException {
        List<Result> results = new ArrayList<>();
        for (OpenDkimTables.Wanted key : plan.keys()) results.add(taken(respondent, key));
        results.addAll(plan.results());
        return Outcome.done(Report.of(results));
    }

    private static Result taken(Respondent respondent, OpenDkimTables.Wanted key)
            throws IOException {
        Secret secret;
        try {
            secret = read(Path.of(key.file()));
        } catch (IOException | InvalidPathException e) {
            return key.result(Fate.DROPPED, "its file cannot be read: " + e);
        }
        ImportDkim request = new ImportDkim(key.domain(), key.selector(), secret, key.senders());
        return switch (respondent.ask(request)) {
            case Outcome.Refused<ImportDkim.Taken>(var _, String sentence) ->
                    key.result(Fate.DROPPED, sentence);
            case Outcome.Done<ImportDkim.Taken>(ImportDkim.Taken it) ->
                    key.result(
                            it.notes().isEmpty() ? Fate.KEPT : Fate.CHANGED,
                            String.join("; ", it.notes()));
        };
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.size(file) > MAX_TABLE_BYTES) throw new IOException(file + " is too long");
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.size() > OpenDkimTables.MAX_LINES) {
            throw new IOException(file + " has more than " + OpenDkimTables.MAX_LINES + " lines");
        }
        return lines;
    }

    /** Octets beyond ASCII are no key, which is said of the whole then. */
    private static Secret read(Path file) throws IOException {
        if (Files.size(file) > MAX_KEY_BYTES) {
            throw new IOException(file + " is too long for a key");
        }
        return new Secret(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
}
