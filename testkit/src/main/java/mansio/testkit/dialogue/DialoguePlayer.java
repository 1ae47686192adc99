package mansio.testkit.dialogue;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;
import mansio.net.time.Time;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plays {@link Dialogue}s against a server and says where it answered otherwise. Actions it knows
 * itself: {@code ! tls} and {@code ! tls 2} begin TLS on a connection, {@code ! wait SECONDS} lets
 * time pass, {@code ! together a|b} sends lines in one piece, {@code ! close} closes a connection,
 * {@code ! end} expects the server to close. All else goes to the test.
 */
public final class DialoguePlayer {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LINE_BYTES = 1 << 20;

    /** Opens connections to the server. */
    @FunctionalInterface
    public interface Dial {
        Connection dial() throws IOException;
    }

    /** What the test does when a dialogue says so. */
    @FunctionalInterface
    public interface Action {
        void act(String action) throws IOException;
    }

    private final Dial dial;
    private final Time time;
    private final Action actions;
    private final Map<String, String> values = new HashMap<>();
    private final Map<Integer, Peer> peers = new TreeMap<>();
    private Dialogue current = Dialogue.parse("none", "");

    public DialoguePlayer(Dial dial, Time time, Action actions) {
        this.dial = dial;
        this.time = time;
        this.actions = actions;
    }

    /** From now on <code>{{name}}</code> stands for {@code value}. */
    public DialoguePlayer with(String name, String value) {
        values.put(name, value);
        return this;
    }

    /**
     * Plays one dialogue on new connections, and closes them.
     *
     * @throws AssertionError when the server said something else
     */
    public void play(Dialogue dialogue) throws IOException {
        current = dialogue;
        boolean skip = false;
        try {
            for (Dialogue.Step step : dialogue.steps()) {
                if (step instanceof Dialogue.Step.SkipTo) {
                    skip = true;
                    continue;
                }
                play(step, skip);
                skip = false;
            }
        } finally {
            for (Peer peer : peers.values()) {
                peer.connection.close();
            }
            peers.clear();
        }
    }

    private void play(Dialogue.Step step, boolean skip) throws IOException {
        switch (step) {
            case Dialogue.Step.Send send -> peer(send.peer()).send(filled(send.text()));
            case Dialogue.Step.Expect expect -> {
                String wanted = filled(expect.text());
                String said = said(expect, expect.peer());
                while (skip && !said.equals(wanted)) {
                    said = said(expect, expect.peer());
                }
                check(said.equals(wanted), expect, wanted, said);
            }
            case Dialogue.Step.ExpectPattern expect -> {
                String said = said(expect, expect.peer());
                while (skip && !expect.pattern().matcher(said).matches()) {
                    said = said(expect, expect.peer());
                }
                boolean matches = expect.pattern().matcher(said).matches();
                check(matches, expect, expect.pattern().pattern(), said);
            }
            case Dialogue.Step.SkipTo _ -> {}
            case Dialogue.Step.Act act -> act(act);
        }
    }

    private String said(Dialogue.Step step, int peer) throws IOException {
        try {
            return peer(peer).line();
        } catch (IOException e) {
            throw new AssertionError(place(step) + ": nothing more came: " + e.getMessage(), e);
        }
    }

    private void check(boolean good, Dialogue.Step step, String wanted, String said) {
        if (!good) {
            throw new AssertionError(
                    place(step) + ": expected\n  " + wanted + "\nbut was\n  " + said);
        }
    }

    private String place(Dialogue.Step step) {
        return current.name() + ":" + step.line();
    }

    private void act(Dialogue.Step.Act act) throws IOException {
        String text = filled(act.action());
        String[] words = text.split(" ");
        int peer = words.length > 1 && words[1].matches("\\d") ? Integer.parseInt(words[1]) : 1;
        switch (words[0]) {
            case "tls" -> peer(peer).connection.startTls();
            case "wait" -> time.sleep(Duration.ofSeconds(Long.parseLong(words[1])));
            case "close" -> peer(peer).connection.close();
            case "together" ->
                    peer(1).send(text.substring(words[0].length() + 1).replace("|", "\r\n"));
            case "end" -> check(peer(peer).atEnd(), act, "the end", "more");
            default -> actions.act(text);
        }
    }

    private Peer peer(int number) throws IOException {
        Peer peer = peers.get(number);
        if (peer == null) {
            peer = new Peer(dial.dial());
            peers.put(number, peer);
        }
        return peer;
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("{{" + value.getKey() + "}}", value.getValue());
        }
        return filled;
    }

    /** One connection of the client. */
    private final class Peer {
        final Connection connection;
        private final LineReader reader;

        Peer(Connection connection) {
            this.connection = connection;
            this.reader =
                    new LineReader(connection.in(), new BufferPool(4096, 1), BareLf.ENDS_LINE);
        }

        void send(String line) throws IOException {
            byte[] octets = (line + "\r\n").getBytes(StandardCharsets.UTF_8);
            connection.deadline(time.deadline(PATIENCE));
            connection.out().write(octets, 0, octets.length);
            connection.out().flush();
        }

        String line() throws IOException {
            connection.deadline(time.deadline(PATIENCE));
            return switch (reader.readLine(LINE_BYTES)) {
                case Line.Text text -> new String(text.bytes(), StandardCharsets.UTF_8);
                case Line.TooLong _ -> throw new IOException("line too long");
                case Line.BareLineFeed _ -> throw new IOException("bare line feed");
                case Line.End _ -> throw new IOException("the server closed");
            };
        }

        boolean atEnd() throws IOException {
            connection.deadline(time.deadline(PATIENCE));
            return reader.readLine(LINE_BYTES) instanceof Line.End;
        }
    }
}
