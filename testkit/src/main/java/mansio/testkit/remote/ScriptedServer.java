package mansio.testkit.remote;

import mansio.net.listen.Connection;
import mansio.net.listen.Service;
import mansio.net.time.Time;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A mail server that does as its script says, and behaves well where the script says nothing. It is
 * served by a simulated network or by a real listener.
 *
 * <pre>
 * offers PIPELINING           a line of its reply to EHLO
 * speaks LMTP
 * RCPT 250 ok                 what it does at a {@link Moment}, the first time
 * RCPT 550 5.1.1 no           and the second; after that, as it should
 * DOT* (close)                each time
 * </pre>
 *
 * <p>Acts are used up over all connections. Safe for use by any thread.
 */
public final class ScriptedServer implements Service {
    private final Time time;
    private final List<String> offers = new ArrayList<>();
    private final Map<Moment, Act> always = new EnumMap<>(Moment.class);
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<Moment, ArrayDeque<Act>> acts = new EnumMap<>(Moment.class);

    /** Guarded by the lock. */
    private final List<ScriptedSession> sessions = new ArrayList<>();

    private boolean lmtp;

    private ScriptedServer(Time time) {
        this.time = time;
    }

    /**
     * A server with a script.
     *
     * @param script lines, parted by line breaks or by " / "
     * @throws IllegalArgumentException when a line is neither an offer nor a moment
     */
    public static ScriptedServer playing(String script, Time time) {
        ScriptedServer server = new ScriptedServer(time);
        for (String line : script.split("\n| / ", -1)) {
            if (!line.isBlank()) {
                server.direct(line.strip());
            }
        }
        return server;
    }

    private void direct(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1].strip() : "";
        switch (words[0]) {
            case "offers" -> offers.add(rest);
            case "speaks" -> lmtp = rest.equals("LMTP");
            default -> {
                boolean each = words[0].endsWith("*");
                String name = each ? words[0].substring(0, words[0].length() - 1) : words[0];
                Moment moment = Moment.valueOf(name.toUpperCase(Locale.ROOT));
                if (each) {
                    always.put(moment, Act.parse(rest));
                } else {
                    acts.computeIfAbsent(moment, _ -> new ArrayDeque<>()).add(Act.parse(rest));
                }
            }
        }
    }

    @Override
    public void serve(Connection connection) throws IOException {
        ScriptedSession session = new ScriptedSession(this, connection, time);
        lock.lock();
        try {
            sessions.add(session);
        } finally {
            lock.unlock();
        }
        session.play();
    }

    /** What was heard, a record for each connection so far. */
    public List<Heard> heard() {
        lock.lock();
        try {
            return sessions.stream().map(ScriptedSession::heard).toList();
        } finally {
            lock.unlock();
        }
    }

    List<String> offers() {
        return offers;
    }

    boolean isLmtp() {
        return lmtp;
    }

    Optional<Act> next(Moment moment) {
        lock.lock();
        try {
            ArrayDeque<Act> left = acts.get(moment);
            return left == null || left.isEmpty()
                    ? Optional.ofNullable(always.get(moment))
                    : Optional.of(left.remove());
        } finally {
            lock.unlock();
        }
    }
}
