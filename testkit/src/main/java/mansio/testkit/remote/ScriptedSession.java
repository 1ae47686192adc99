package mansio.testkit.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSource;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.listen.Connection;
import mansio.net.time.Time;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One connection of a {@link ScriptedServer}. */
final class ScriptedSession {
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final int MAX_LINE = 1 << 20;

    private final ScriptedServer server;
    private final Connection connection;
    private final Time time;
    private final LineReader in;
    private final ReentrantLock lock = new ReentrantLock();

    /** These three are guarded by the lock. */
    private final List<String> commands = new ArrayList<>();

    private final List<String> messages = new ArrayList<>();
    private final StringBuilder torn = new StringBuilder();

    private boolean mail;
    private int accepted;
    private boolean quit;

    ScriptedSession(ScriptedServer server, Connection connection, Time time) {
        this.server = server;
        this.connection = connection;
        this.time = time;
        this.in = new LineReader(connection.in(), new BufferPool(4096, 1), BareLf.REFUSED);
    }

    /** The script wants the connection to end. */
    private static final class Over extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Heard heard() {
        lock.lock();
        try {
            return new Heard(commands, messages, torn.toString());
        } finally {
            lock.unlock();
        }
    }

    void play() throws IOException {
        try {
            perform(Moment.CONNECT, "220 mx.test ESMTP\r\n");
            while (!quit) {
                connection.deadline(time.deadline(PATIENCE));
                if (!(in.readLine(MAX_LINE) instanceof Line.Text line)) {
                    return;
                }
                keep(commands, line.latin1());
                command(line.latin1());
            }
        } catch (Over e) {
            // As it should be.
        }
    }

    private void keep(List<String> list, String text) {
        lock.lock();
        try {
            list.add(text);
        } finally {
            lock.unlock();
        }
    }

    private void command(String line) throws IOException {
        String[] words = line.split(" ", -1);
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> perform(Moment.EHLO, hello(server.isLmtp() ? "500 LMTP\r\n" : ""));
            case "LHLO" -> perform(Moment.LHLO, hello(server.isLmtp() ? "" : "500 SMTP\r\n"));
            case "HELO" -> perform(Moment.HELO, "250 mx.test\r\n");
            case "STARTTLS" -> startTls();
            case "AUTH" -> perform(Moment.AUTH, "235 2.7.0 ok\r\n");
            case "MAIL" -> {
                accepted = 0;
                mail = perform(Moment.MAIL, "250 2.1.0 ok\r\n").startsWith("2");
            }
            case "RCPT" -> {
                String reply = mail ? "250 2.1.5 ok\r\n" : "503 5.5.1 MAIL first\r\n";
                if (perform(Moment.RCPT, reply).startsWith("2")) {
                    accepted++;
                }
            }
            case "DATA" -> {
                String none = "503 5.5.1 no recipients\r\n";
                if (perform(Moment.DATA, accepted == 0 ? none : "354 go\r\n").startsWith("354")) {
                    message();
                }
            }
            case "BDAT" -> chunk(Integer.parseInt(words[1]), words.length > 2);
            case "RSET" -> {
                mail = false;
                accepted = 0;
                perform(Moment.RSET, "250 2.0.0 ok\r\n");
            }
            case "NOOP" -> perform(Moment.NOOP, "250 2.0.0 ok\r\n");
            case "QUIT" -> {
                quit = true;
                perform(Moment.QUIT, "221 2.0.0 bye\r\n");
            }
            // Answers to the challenges of AUTH come here too.
            default -> perform(Moment.OTHER, "500 5.5.2 what?\r\n");
        }
    }

    private String hello(String instead) {
        if (!instead.isEmpty()) {
            return instead;
        }
        StringBuilder reply = new StringBuilder();
        List<String> lines = new ArrayList<>(List.of("mx.test"));
        for (String offer : server.offers()) {
            if (!offer.equals("STARTTLS") || connection.tls().isEmpty()) {
                lines.add(offer);
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            reply.append(i < lines.size() - 1 ? "250-" : "250 ")
                    .append(lines.get(i))
                    .append("\r\n");
        }
        return reply.toString();
    }

    private void startTls() throws IOException {
        if (!perform(Moment.STARTTLS, "220 2.0.0 go\r\n").startsWith("220")) {
            return;
        }
        Optional<Act> act = server.next(Moment.HANDSHAKE);
        if (act.isPresent()) {
            act(act.get());
        } else {
            in.discardBuffered();
            connection.startTls();
        }
    }

    private void message() throws IOException {
        boolean first = true;
        while (true) {
            connection.deadline(time.deadline(PATIENCE));
            String line =
                    switch (in.readLine(MAX_LINE)) {
                        case Line.Text text -> text.latin1() + "\r\n";
                        case Line.BareLineFeed bare -> new String(bare.bytes(), ISO_8859_1) + "\n";
                        case Line.TooLong _, Line.End _ -> throw new Over();
                    };
            if (line.equals(".\r\n")) {
                ended(Moment.DOT);
                return;
            }
            lock.lock();
            try {
                torn.append(line);
            } finally {
                lock.unlock();
            }
            if (first) {
                first = false;
                perform(Moment.CONTENT, "");
            }
        }
    }

    private void chunk(int size, boolean last) throws IOException {
        ByteSource octets = in.exactly(size);
        byte[] block = new byte[4096];
        int count;
        while ((count = octets.read(block, 0, block.length)) >= 0) {
            lock.lock();
            try {
                torn.append(new String(block, 0, count, ISO_8859_1));
            } finally {
                lock.unlock();
            }
        }
        if (last) {
            ended(Moment.LAST);
        } else {
            perform(
                    Moment.BDAT,
                    accepted == 0 ? "503 5.5.1 no recipients\r\n" : "250 2.0.0 on\r\n");
        }
    }

    private void ended(Moment moment) throws IOException {
        lock.lock();
        try {
            messages.add(torn.toString());
            torn.setLength(0);
        } finally {
            lock.unlock();
        }
        int replies = server.isLmtp() ? accepted : 1;
        mail = false;
        accepted = 0;
        for (int i = 0; i < replies; i++) {
            perform(moment, "250 2.0.0 taken\r\n");
        }
    }

    /** Gives what was said. */
    private String perform(Moment moment, String wellBehaved) throws IOException {
        Optional<Act> act = server.next(moment);
        if (act.isPresent()) {
            return act(act.get());
        }
        send(wellBehaved);
        return wellBehaved;
    }

    private String act(Act act) throws IOException {
        switch (act) {
            case Act.Say(String lines) -> {
                send(lines);
                return lines;
            }
            case Act.Close(String lines) -> {
                send(lines);
                throw new Over();
            }
            case Act.Silence _ -> {
                untilGone();
                throw new Over();
            }
            case Act.Drip(Duration pause, String lines) -> {
                for (int i = 0; i < lines.length(); i++) {
                    time.sleep(pause);
                    send(lines.substring(i, i + 1));
                }
                return lines;
            }
            case Act.Flood(String line) -> {
                while (true) {
                    send(line);
                }
            }
        }
    }

    private void untilGone() throws IOException {
        connection.deadline(time.deadline(PATIENCE));
        byte[] block = new byte[4096];
        while (in.read(block, 0, block.length) >= 0) {
            // Nobody answers.
        }
    }

    private void send(String text) throws IOException {
        connection.deadline(time.deadline(PATIENCE));
        byte[] bytes = text.getBytes(ISO_8859_1);
        connection.out().write(bytes, 0, bytes.length);
        connection.out().flush();
    }
}
