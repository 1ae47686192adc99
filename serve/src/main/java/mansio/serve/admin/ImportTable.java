package mansio.serve.admin;

import mansio.state.directory.AliasEditor.Mode;
import mansio.state.directory.Outcome;
import mansio.state.postfix.PostfixImport;
import mansio.state.postfix.PostfixImport.Fate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code alias import}: some lines of a table of a Postfix. */
public record ImportTable(PostfixImport.Lines lines, Mode mode)
        implements Operation<ImportTable.Report> {
    /** What became of each line that is not empty and no comment. */
    public record Report(int kept, int changed, int dropped, List<PostfixImport.Result> results)
            implements Answer {
        /** Before the first line. */
        public static final Report NOTHING = new Report(0, 0, 0, List.of());

        public Report {
            results = List.copyOf(results);
        }

        static Report of(List<PostfixImport.Result> results) {
            return new Report(
                    count(results, Fate.KEPT),
                    count(results, Fate.CHANGED),
                    count(results, Fate.DROPPED),
                    results);
        }

        private static int count(List<PostfixImport.Result> results, Fate fate) {
            return (int) results.stream().filter(it -> it.fate() == fate).count();
        }

        /** These and those of the lines behind them. */
        public Report with(Report next) {
            List<PostfixImport.Result> all = new ArrayList<>(results);
            all.addAll(next.results);
            return of(all);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (PostfixImport.Result it : results) {
                String fate = it.fate().name().toLowerCase(java.util.Locale.ROOT);
                String note = it.note().isEmpty() ? "" : ": " + it.note();
                lines.add("line " + it.line() + ": " + it.text() + ": " + fate + note);
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
    public Outcome<Report> run(Rooms rooms) throws IOException {
        PostfixImport tables =
                new PostfixImport(
                        rooms.names().editor(),
                        rooms.names().aliases(),
                        rooms.ways().routes(),
                        rooms.ways().rewrites());
        return Outcome.done(Report.of(tables.take(lines, mode)));
    }
}
