package mansio.app.main;

import mansio.serve.admin.Verify;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code mansio verify}. */
@Command(
        name = "verify",
        description = "Reads everything that is stored and tells what is wrong with it.")
final class VerifyCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    @Option(
            names = "--accept-loss",
            description =
                    "Opens a store that lacks acknowledged changes, so that the server starts"
                            + " again.")
    private boolean acceptLoss;

    VerifyCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Desk.Opening opening = acceptLoss ? Desk.Opening.WITH_LOSS : Desk.Opening.AS_IT_IS;
        return desk.print(
                options,
                desk.outcome(options, opening, respondent -> respondent.ask(new Verify())));
    }
}
