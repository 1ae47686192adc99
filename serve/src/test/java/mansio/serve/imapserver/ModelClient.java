package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that believes what it is told and nothing else: it keeps the list of messages as the
 * responses make it, and finds every response that cannot be true.
 */
final class ModelClient implements AutoCloseable {
    private static final int LOG_LINES = 60;
    private static final Pattern NUMBERED = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|RECENT)");
    private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
    private static final Pattern MODSEQ = Pattern.compile("MODSEQ \\((\\d+)\\)");

    /** One message as the client knows it; a UID of 0 and null flags are not known yet. */
    static final class Known {
        long uid;
        TreeSet<String> flags = new TreeSet<>();
        boolean flagsKnown;
        long modSeq;
    }

    private final Connection connection;
    private final LineReader reader;
    final List<Known> messages = new ArrayList<>();

    /** The last lines of the dialogue, for who reads a failure. */
    final List<String> log = new ArrayList<>();

    private int tags;

    ModelClient(Connection connection) throws IOException {
        this.connection = connection;
        this.reader = new LineReader(connection.in(), new BufferPool(4096, 1), BareLf.ENDS_LINE);
        line();
    }

    private void note(String line) {
        log.add(line);
        if (log.size() > LOG_LINES) {
            log.removeFirst();
        }
    }

    private String line() throws IOException {
        if (reader.readLine(1 << 20) instanceof Line.Text text) {
            note("S: " + text.latin1());
            return text.latin1();
        }
        throw new IOException("the server closed: " + log);
    }

    /** Sends a command and obeys all responses; gives the tagged one without its tag. */
    String run(String command) throws IOException {
        String tag = "t" + ++tags;
        note("C: " + tag + " " + command);
        byte[] octets = (tag + " " + command + "\r\n").getBytes(StandardCharsets.US_ASCII);
        connection.out().write(octets, 0, octets.length);
        connection.out().flush();
        boolean numbersStay = command.matches("(?s)(FETCH|STORE|SEARCH) .*");
        if (command.startsWith("SELECT")) {
            messages.clear();
        }
        String line = line();
        while (!line.startsWith(tag + " ")) {
            obey(line, numbersStay);
            line = line();
        }
        assertThat(line).as("%s", log).doesNotContain("SERVERBUG");
        return line.substring(tag.length() + 1);
    }

    private void obey(String line, boolean numbersStay) {
        Matcher numbered = NUMBERED.matcher(line);
        Matcher fetch = FETCH.matcher(line);
        if (numbered.matches()) {
            int number = Integer.parseInt(numbered.group(1));
            switch (numbered.group(2)) {
                case "EXISTS" -> exists(number);
                case "EXPUNGE" -> {
                    assertThat(numbersStay).as("EXPUNGE may come: %s", log).isFalse();
                    assertThat(number).as("%s", log).isBetween(1, messages.size());
                    messages.remove(number - 1);
                }
                default -> assertThat(number).as("%s", log).isLessThanOrEqualTo(messages.size());
            }
        } else if (fetch.matches()) {
            fetch(Integer.parseInt(fetch.group(1)), fetch.group(2));
        } else if (line.startsWith("* VANISHED ") && !line.contains("EARLIER")) {
            assertThat(numbersStay).as("VANISHED may come: %s", log).isFalse();
            vanished(line.substring("* VANISHED ".length()));
        }
    }

    private void exists(int count) {
        assertThat(count).as("%s", log).isGreaterThanOrEqualTo(messages.size());
        while (messages.size() < count) {
            messages.add(new Known());
        }
    }

    private void fetch(int number, String items) {
        assertThat(number).as("%s", log).isBetween(1, messages.size());
        Known message = messages.get(number - 1);
        Matcher uid = UID.matcher(items);
        if (uid.find()) {
            long found = Long.parseLong(uid.group(1));
            assertThat(message.uid == 0 || message.uid == found).as("%s", log).isTrue();
            message.uid = found;
        }
        Matcher flags = FLAGS.matcher(items);
        if (flags.find()) {
            message.flagsKnown = true;
            message.flags = new TreeSet<>(Arrays.asList(flags.group(1).split(" ")));
            message.flags.remove("\\Recent");
            message.flags.remove("");
        }
        Matcher modSeq = MODSEQ.matcher(items);
        if (modSeq.find()) {
            long found = Long.parseLong(modSeq.group(1));
            assertThat(found).as("%s", log).isGreaterThanOrEqualTo(message.modSeq);
            message.modSeq = found;
        }
    }

    private void vanished(String set) {
        for (String range : set.split(",")) {
            String[] ends = range.split(":");
            long first = Long.parseLong(ends[0]);
            long last = Long.parseLong(ends[ends.length - 1]);
            for (long uid = first; uid <= last; uid++) {
                long gone = uid;
                // It may have gone before the client learned its UID.
                boolean removed =
                        messages.removeIf(it -> it.uid == gone)
                                || messages.remove(unknown().orElse(new Known()));
                assertThat(removed).as("UID %d was here: %s", gone, log).isTrue();
            }
        }
    }

    private Optional<Known> unknown() {
        return messages.stream().filter(it -> it.uid == 0).findFirst();
    }

    /** What the client knows must be what a client that asks anew is told. */
    void compare() throws IOException {
        run("NOOP");
        run("UID FETCH 1:* UID");
        for (Known message : messages) {
            assertThat(message.uid).as("every UID is known: %s", log).isPositive();
        }
        List<Long> uids = messages.stream().map(it -> it.uid).toList();
        assertThat(uids).as("%s", log).isSorted().doesNotHaveDuplicates();
        List<TreeSet<String>> flags = messages.stream().map(it -> it.flags).toList();
        List<Boolean> known = messages.stream().map(it -> it.flagsKnown).toList();
        run("SELECT Shared");
        run("UID FETCH 1:* FLAGS");
        assertThat(messages.stream().map(it -> it.uid).toList()).as("%s", log).isEqualTo(uids);
        for (int i = 0; i < flags.size(); i++) {
            if (known.get(i)) {
                assertThat(messages.get(i).flags).as("%s", log).isEqualTo(flags.get(i));
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
