package mansio.testkit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.net.dial.Dialer;
import mansio.net.dial.Target;
import mansio.net.time.Time;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small IMAP client (RFC 9051): sends commands, collects what comes back. Texts are one character
 * an octet, literals stand in them as they came. Used by one thread.
 */
public final class ImapClient implements Closeable {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}$");
    private static final Pattern COUNT_EXISTS = Pattern.compile("\\* (\\d+) EXISTS");

    private final LineClient lines;
    private int tags;

    /**
     * What a command brought.
     *
     * @param untagged the lines before the last, literals included
     * @param status {@code OK}, {@code NO} or {@code BAD}
     * @param text of the tagged line, after the status
     */
    public record Response(List<String> untagged, String status, String text) {
        public boolean isOk() {
            return status.equals("OK");
        }

        /** The untagged lines that contain a word. */
        public List<String> with(String word) {
            return untagged.stream().filter(line -> line.contains(word)).toList();
        }
    }

    /** Takes a connection whose greeting has not been read yet, and reads it. */
    public ImapClient(LineClient lines) throws IOException {
        this.lines = lines;
        lines.expect("* ");
    }

    /** Connects without TLS. */
    public static ImapClient dial(Dialer dialer, Target target, Time time) throws IOException {
        return new ImapClient(LineClient.dial(dialer, target, time));
    }

    /** Sends a command, without tag, and reads to its tagged line. */
    public Response run(String command) throws IOException {
        String tag = tag();
        lines.send(tag + " " + command);
        return response(tag);
    }

    /** Like {@link #run}; anything but OK is an AssertionError with the dialogue. */
    public Response ok(String command) throws IOException {
        return checked(run(command));
    }

    public Response login(String user, String password) throws IOException {
        return ok("LOGIN " + quoted(user) + " " + quoted(password));
    }

    /**
     * SELECT.
     *
     * @return how many messages exist: what was said last, as a message may come in the meantime
     */
    public int select(String mailbox) throws IOException {
        for (String line : ok("SELECT " + quoted(mailbox)).untagged().reversed()) {
            Matcher matcher = COUNT_EXISTS.matcher(line);
            if (matcher.matches()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new AssertionError("no EXISTS" + lines.dialogue());
    }

    /** APPEND with a synchronising literal. */
    public Response append(String mailbox, String flags, byte[] message) throws IOException {
        String tag = tag();
        lines.send(
                tag + " APPEND " + quoted(mailbox) + " (" + flags + ") {" + message.length + "}");
        lines.expect("+ ");
        lines.sendRaw(message);
        lines.send("");
        return checked(response(tag));
    }

    /** The bytes of a section, such as {@code BODY.PEEK[]}, of one message by its number. */
    public byte[] fetch(int number, String section) throws IOException {
        String answer = ok("FETCH " + number + " (" + section + ")").with(" FETCH (").getFirst();
        int open = answer.indexOf('{');
        int close = answer.indexOf('}', open);
        int length = Integer.parseInt(answer.substring(open + 1, close));
        int from = close + 3;
        return answer.substring(from, from + length).getBytes(ISO_8859_1);
    }

    /** STARTTLS and the handshake. */
    public void startTls() throws IOException {
        ok("STARTTLS");
        lines.startTls();
    }

    /** Begins IDLE (RFC 9051 section 6.3.13). */
    public String idle() throws IOException {
        String tag = tag();
        lines.send(tag + " IDLE");
        lines.expect("+ ");
        return tag;
    }

    /** Waits for one untagged line within IDLE. */
    public String idleLine() throws IOException {
        return logicalLine();
    }

    /** Ends the IDLE of that tag. */
    public Response done(String tag) throws IOException {
        lines.send("DONE");
        return checked(response(tag));
    }

    /** The raw dialogue underneath. */
    public LineClient lines() {
        return lines;
    }

    @Override
    public void close() {
        lines.close();
    }

    private String tag() {
        return "t" + ++tags;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Response response(String tag) throws IOException {
        List<String> untagged = new ArrayList<>();
        while (true) {
            String line = logicalLine();
            if (line.startsWith(tag + " ")) {
                String[] words = line.split(" ", 3);
                return new Response(
                        List.copyOf(untagged), words[1], words.length > 2 ? words[2] : "");
            }
            if (line.startsWith("+")) {
                throw new AssertionError("a continuation nobody asked for" + lines.dialogue());
            }
            untagged.add(line);
        }
    }

    /** A line with the literals in it. */
    private String logicalLine() throws IOException {
        StringBuilder whole = new StringBuilder();
        while (true) {
            String line = lines.line();
            whole.append(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                return whole.toString();
            }
            byte[] bytes = lines.bytes(Integer.parseInt(literal.group(1)));
            whole.append("\r\n").append(new String(bytes, ISO_8859_1));
        }
    }

    private Response checked(Response response) {
        if (!response.isOk()) {
            throw new AssertionError("expected OK" + lines.dialogue());
        }
        return response;
    }
}
