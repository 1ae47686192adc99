package mansio.serve.imapserver;

import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Several clients work in one mailbox at the same time. Whatever the order, each is told enough to
 * know the mailbox as it is, and never anything that contradicts what it was told before.
 */
class SharedMailboxTest {
    private static final int CLIENTS = 3;
    private static final int COMMANDS = 40;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everybodyKnowsTheMailbox(long seed) {
        Simulation.run(seed, SharedMailboxTest::work);
    }

    private static void work(Simulation simulation) throws IOException {
        ImapHouse house = new ImapHouse(simulation);
        try (ModelClient first = logIn(house)) {
            first.run("CREATE Shared");
        }
        AtomicInteger working = new AtomicInteger(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            boolean qresync = i == 0;
            simulation.threads().start("client-" + i, () -> client(house, qresync, working));
        }
        while (working.get() > 0) {
            simulation.time().sleep(Duration.ofSeconds(1));
        }
    }

    private static ModelClient logIn(ImapHouse house) throws IOException {
        ModelClient client = new ModelClient(house.dial());
        client.run("LOGIN fred pencil");
        return client;
    }

    private static void client(ImapHouse house, boolean qresync, AtomicInteger working) {
        try (ModelClient client = logIn(house)) {
            if (qresync) {
                client.run("ENABLE QRESYNC");
            }
            client.run("SELECT Shared");
            client.run("UID FETCH 1:* FLAGS");
            for (int i = 0; i < COMMANDS; i++) {
                client.run(command(house.simulation.random(), client.messages.size()));
                // A client learns the UIDs of what came before it can be told that they vanished.
                client.run("UID FETCH 1:* FLAGS");
            }
            working.decrementAndGet();
            while (working.get() > 0) {
                house.simulation.time().sleep(Duration.ofSeconds(1));
            }
            client.compare();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String command(RandomGenerator random, int count) {
        String[] flags = {"\\Seen", "\\Deleted", "\\Flagged", "$Work"};
        String flag = flags[random.nextInt(flags.length)];
        String sign = new String[] {"+", "-", ""}[random.nextInt(3)];
        String silent = random.nextBoolean() ? ".SILENT" : "";
        String uid = random.nextBoolean() ? "UID " : "";
        String set = uid.isEmpty() ? set(random, Math.max(1, count)) : set(random, 30);
        return switch (random.nextInt(12)) {
            case 0, 1 -> "APPEND Shared (" + flag + ") {8+}\r\na: b\r\n\r\n";
            case 2, 3, 4 ->
                    uid + "STORE " + set + " " + sign + "FLAGS" + silent + " (" + flag + ")";
            case 5 -> "EXPUNGE";
            case 6 -> "UID EXPUNGE " + set(random, 30);
            case 7 -> uid + "COPY " + set + " Shared";
            case 8 -> uid + "MOVE " + set + " Trash";
            case 9 -> uid + "FETCH " + set + " (FLAGS BODY[TEXT]<0.1>)";
            case 10 -> uid + "SEARCH UNSEEN";
            default -> "NOOP";
        };
    }

    private static String set(RandomGenerator random, int max) {
        int one = 1 + random.nextInt(max);
        int other = 1 + random.nextInt(max);
        return random.nextBoolean() ? String.valueOf(one) : one + ":" + other;
    }
}
