package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.listen.Connection;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Whole sessions of commands that are half right: every one is answered, none is our fault. */
class SessionFuzzTest {
    private static final String[] COMMANDS = {
        "NOOP",
        "CAPABILITY",
        "ID (\"a\" NIL)",
        "ENABLE CONDSTORE QRESYNC UTF8=ACCEPT IMAP4rev2",
        "SELECT INBOX (CONDSTORE)",
        "EXAMINE INBOX (QRESYNC (1 1 1:9 (1:2 1:2)))",
        "CREATE a/b (USE (\\Junk))",
        "RENAME a c",
        "DELETE c/b",
        "SUBSCRIBE x",
        "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"*\" %) RETURN (STATUS (MESSAGES SIZE) CHILDREN)",
        "LSUB \"\" *",
        "STATUS INBOX (MESSAGES UIDNEXT UNSEEN HIGHESTMODSEQ RECENT)",
        "APPEND INBOX (\\Seen) \"01-Jan-2020 00:00:00 +0000\" {8+}\r\na: b\r\n\r\n",
        "APPEND INBOX {8}\r\na: b\r\n\r\n",
        "APPEND INBOX UTF8 (~{8+}\r\na: b\r\n\r\n)",
        "FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY[HEADER.FIELDS (a)] BINARY[1] MODSEQ)",
        "UID FETCH 1:* (BODY[1.2.3.MIME]<0.5>) (CHANGEDSINCE 1 VANISHED)",
        "STORE 1:* (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen $x)",
        "SEARCH RETURN (MIN MAX SAVE) OR (SEEN NOT 1:2) UID $",
        "UID SEARCH TEXT {3+}\r\nabc SENTSINCE 1-Jan-2020",
        "COPY 1:* a",
        "UID MOVE 1:3 a",
        "EXPUNGE",
        "UID EXPUNGE 1:*",
        "CLOSE",
        "UNSELECT",
        "IDLE\r\nDONE",
    };

    static LongStream seeds() {
        return Seeds.of(60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsOurFault(long seed) {
        Simulation.run(seed, simulation -> talk(new ImapHouse(simulation)));
    }

    private static void talk(ImapHouse house) throws IOException {
        RandomGenerator random = house.simulation.random();
        StringBuilder sent = new StringBuilder();
        boolean known = random.nextInt(4) > 0;
        sent.append(known ? "l LOGIN fred pencil\r\n" : "");
        for (int i = 0; i < 60; i++) {
            String command = COMMANDS[random.nextInt(COMMANDS.length)];
            sent.append('a').append(i).append(' ');
            sent.append(random.nextInt(3) == 0 ? broken(command, random) : command).append("\r\n");
        }
        sent.append("\r\nz LOGOUT\r\n");
        try (Connection client = house.dial()) {
            byte[] octets = sent.toString().getBytes(StandardCharsets.ISO_8859_1);
            house.simulation.threads().start("sender", () -> send(client, octets));
            String said = listen(client);
            assertThat(said).as("%s%n%s", sent, said).doesNotContain("SERVERBUG");
            assertThat(said).as("%s%n%s", sent, said).contains("* BYE ");
        }
    }

    private static String broken(String command, RandomGenerator random) {
        StringBuilder broken = new StringBuilder(command);
        String spice = "(){}[]<>\"\\ *%,:$+~09aA\0\u00ff\r\n";
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(broken.length());
            switch (random.nextInt(3)) {
                case 0 -> broken.setCharAt(at, spice.charAt(random.nextInt(spice.length())));
                case 1 -> broken.insert(at, spice.charAt(random.nextInt(spice.length())));
                default -> broken.deleteCharAt(at);
            }
        }
        return broken.toString();
    }

    private static void send(Connection client, byte[] octets) {
        try {
            client.out().write(octets, 0, octets.length);
            client.out().flush();
        } catch (IOException e) {
            // The server has had enough.
        }
    }

    private static String listen(Connection client) {
        StringBuilder said = new StringBuilder();
        byte[] buffer = new byte[4096];
        try {
            int count = client.in().read(buffer, 0, buffer.length);
            while (count > 0) {
                said.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                count = client.in().read(buffer, 0, buffer.length);
            }
        } catch (IOException e) {
            // Closed in the middle; what it said before counts.
        }
        return said.toString();
    }
}
