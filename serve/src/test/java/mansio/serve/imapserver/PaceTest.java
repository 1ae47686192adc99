package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** Whoever computes for long lets others have a turn: the more there is to do, the more turns. */
class PaceTest {
    private static final int MESSAGES = 400;
    private static final int MAILBOXES = 200;

    private interface Talk {
        void with(ModelClient client) throws IOException;
    }

    @Test
    void searchingBodies() {
        Talk fill =
                client -> {
                    String message = "Subject: x\r\n\r\n" + "aaaaaaaaab\r\n".repeat(1_500);
                    for (int i = 0; i < MESSAGES; i++) {
                        client.run("APPEND INBOX {" + message.length() + "+}\r\n" + message);
                    }
                    client.run("SELECT INBOX");
                };

        int found = turns(fill, "SEARCH BODY aaaaaaaaab");
        int notFound = turns(fill, "SEARCH BODY aaaaaaaaac");
        assertThat(notFound - found).isGreaterThan(MESSAGES / 10);
    }

    @Test
    void comparingNamesWithPatterns() {
        Talk fill =
                client -> {
                    for (int i = 0; i < MAILBOXES; i++) {
                        client.run("CREATE " + "x".repeat(240) + i);
                    }
                };

        int easy = turns(fill, "LIST \"\" y");
        int hard = turns(fill, "LIST \"\" " + "%y".repeat(2_000));
        assertThat(hard - easy).isGreaterThan(MAILBOXES);
    }

    private static int turns(Talk before, String command) {
        return (int)
                Simulation.run(
                                1,
                                simulation -> {
                                    ImapHouse house = new ImapHouse(simulation);
                                    try (ModelClient client = new ModelClient(house.dial())) {
                                        client.run("LOGIN fred pencil");
                                        before.with(client);
                                        client.run(command);
                                    }
                                })
                        .steps();
    }
}
