package mansio.app.main;

import mansio.serve.admin.RotateSrs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;

/** {@code mansio srs}. */
@Command(name = "srs", description = "The reverse-paths of forwarded mail.")
final class SrsCommands {
    private final Desk desk;

    SrsCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(
            name = "rotate",
            description = "Signs with a new key; the old ones stay good for 22 days.")
    int rotate(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, new RotateSrs());
    }
}
