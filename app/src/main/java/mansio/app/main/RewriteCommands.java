package mansio.app.main;

import mansio.serve.admin.AddRewrite;
import mansio.serve.admin.ListRewrites;
import mansio.serve.admin.RemoveRewrite;
import mansio.state.directory.Outcome;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewriteSide;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;

/** {@code mansio rewrite}. */
@Command(name = "rewrite", description = "Rules by which addresses of own mail become others.")
final class RewriteCommands {
    private static final String KINDS =
            "canonical: as own mail comes in; generic: as it leaves for another server.";

    private final Desk desk;

    RewriteCommands(Desk desk) {
        this.desk = desk;
    }

    /** Which addresses. */
    static final class Only {
        @Option(names = "--sender-only", description = "For senders.")
        private boolean senders;

        @Option(names = "--recipient-only", description = "For recipients.")
        private boolean recipients;

        RewriteSide side() {
            if (senders) return RewriteSide.SENDER;
            return recipients ? RewriteSide.RECIPIENT : RewriteSide.BOTH;
        }
    }

    /** The side; both when none was named. */
    static final class Sides {
        @ArgGroup private Only only = new Only();

        RewriteSide side() {
            return only.side();
        }
    }

    /** What is to be added. */
    static final class Wish {
        @Parameters(index = "0", paramLabel = "KIND", description = KINDS)
        private RewriteKind kind = RewriteKind.CANONICAL;

        @Parameters(
                index = "1",
                paramLabel = "PATTERN",
                description = "name@domain, @domain, or a name in every domain of ours.")
        private String pattern = "";

        @Parameters(
                index = "2",
                paramLabel = "TARGET",
                description = "name@domain, or @domain for the same name there.")
        private String target = "";
    }

    @Command(name = "add", description = "Adds a rule.")
    int add(@Mixin AskOptions options, @Mixin Wish wish, @Mixin Sides sides) throws IOException {
        return desk.ask(
                options, new AddRewrite(wish.kind, wish.pattern, wish.target, sides.side()));
    }

    @Command(name = "remove", description = "Removes a rule.")
    int remove(
            @Mixin AskOptions options,
            @Parameters(index = "0", paramLabel = "KIND", description = KINDS) RewriteKind kind,
            @Parameters(index = "1", paramLabel = "PATTERN") String pattern,
            @Mixin Sides sides)
            throws IOException {
        return desk.ask(options, new RemoveRewrite(kind, pattern, sides.side()));
    }

    @Command(name = "list", description = "Lists the rules.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, RewriteCommands::all);
    }

    private static Outcome<ListRewrites.Found> all(Respondent respondent) throws IOException {
        Outcome<ListRewrites.Found> shown = respondent.ask(new ListRewrites(0));
        while (shown instanceof Outcome.Done<ListRewrites.Found>(ListRewrites.Found some)
                && some.more()) {
            shown = respondent.ask(new ListRewrites(some.rules().size())).map(some::with);
        }
        return shown;
    }
}
