package mansio.app.main;

import mansio.codec.text.Address;
import mansio.serve.admin.ExplainAddress;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code mansio explain-address}. */
@Command(
        name = "explain-address",
        description = "Tells where mail for an address would go, and why.")
final class ExplainAddressCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser, which insists on it.
    @Parameters(paramLabel = "ADDRESS")
    private @Nullable Address address;

    ExplainAddressCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        return desk.ask(options, new ExplainAddress(Objects.requireNonNull(address)));
    }
}
