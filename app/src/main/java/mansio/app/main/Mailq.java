package mansio.app.main;

import mansio.codec.text.Address;
import mansio.serve.admin.ListQueue.Entries;
import mansio.serve.admin.ListQueue.Facts;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code mailq}: the queue as programs that were written for sendmail expect it. */
@Command(name = "mailq", description = "Lists the queue in the layout of sendmail's mailq.")
final class Mailq implements Callable<Integer> {
    /** Of sysexits.h: the user may not. */
    private static final int EX_NOPERM = 77;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss", Locale.ENGLISH)
                    .withZone(ZoneId.systemDefault());

    private final Desk desk;

    @Mixin private AskOptions options = new AskOptions();

    Mailq(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = options.folder();
        if (Files.exists(folder) && !Files.isExecutable(folder)) {
            desk.terminal()
                    .err()
                    .println("mailq: only the owner of " + folder + " and root see the queue");
            return EX_NOPERM;
        }
        Outcome<Entries> outcome = desk.outcome(options, Desk.Opening.AS_IT_IS, QueueCommands::all);
        if (options.json || !(outcome instanceof Outcome.Done<Entries>(Entries answer)))
            return desk.print(options, outcome);
        print(answer, desk.terminal().out());
        return Main.EXIT_OK;
    }

    private static void print(Entries queue, PrintWriter out) {
        if (queue.entries().isEmpty()) {
            out.println("Mail queue is empty");
            return;
        }
        out.println("-Queue ID----- --Size-- ---Arrival Time--- -Sender/Recipient-------");
        long bytes = 0;
        for (Facts entry : queue.entries()) {
            bytes += entry.size();
            String sender = entry.sender().map(Address::toDisplay).orElse("MAILER-DAEMON");
            out.printf(
                    "%-14s %8d %-18s %s%n",
                    entry.id(), entry.size(), TIME.format(entry.received()), sender);
            if (!entry.reason().isEmpty()) out.printf("%43s(%s)%n", "", entry.reason());
            String others = entry.waiting() > 1 ? " and " + (entry.waiting() - 1) + " more" : "";
            out.printf("%43s%s%s%n", "", entry.recipient().toDisplay(), others);
        }
        out.printf(
                "-- %d Kbytes in %d Request%s%s.%n",
                (bytes + 1023) / 1024,
                queue.entries().size(),
                queue.entries().size() == 1 ? "" : "s",
                queue.more() ? ", and more" : "");
    }
}
