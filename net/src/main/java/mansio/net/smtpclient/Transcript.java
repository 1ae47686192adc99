package mansio.net.smtpclient;

import java.util.ArrayList;
import java.util.List;

/** What both sides said, without message texts and secrets; bounded. Used by one thread. */
final class Transcript {
    private static final int MAX_LINES = 2000;

    private final List<String> lines = new ArrayList<>();

    void client(String line) {
        add("C: " + line);
    }

    void server(String wire) {
        wire.lines().forEach(line -> add("S: " + line));
    }

    private void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        } else if (lines.size() == MAX_LINES) {
            lines.add("... and more");
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
