package mansio.app.main;

import mansio.codec.text.Address;
import mansio.serve.admin.ListSuppressed;
import mansio.serve.admin.RemoveSuppressed;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Optional;

/** {@code mansio queue suppressed}. */
@Command(
        name = "suppressed",
        description = "The addresses elsewhere that are not tried, because they do not exist.")
final class SuppressedCommands {
    /** More are not listed. */
    private static final int MAX_LISTED = 10_000;

    private final Desk desk;

    SuppressedCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(name = "list", description = "Lists them, and why.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, SuppressedCommands::all);
    }

    @Command(name = "remove", description = "Has an address tried again.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") Address address)
            throws IOException {
        return desk.ask(options, new RemoveSuppressed(address));
    }

    private static Outcome<ListSuppressed.Addresses> all(Respondent respondent) throws IOException {
        Outcome<ListSuppressed.Addresses> shown =
                respondent.ask(new ListSuppressed(Optional.empty()));
        while (shown instanceof Outcome.Done<ListSuppressed.Addresses>(var some)
                && some.more()
                && some.addresses().size() < MAX_LISTED) {
            Address last = some.addresses().getLast().address();
            shown = respondent.ask(new ListSuppressed(Optional.of(last))).map(some::with);
        }
        return shown;
    }
}
