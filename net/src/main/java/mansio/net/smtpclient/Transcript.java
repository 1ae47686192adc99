package mansio.net.smtpclient;

import java.util.ArrayList;
import java.util.List;

/** What both sides said, without message texts and secrets; bounded. Used by one thread. */
final class Transcript {
    private static final int MAX_LINES = 2000;
    private static final int MAX_CHARS = 128 * 1024;

    private final List<String> lines = new ArrayList<>();

    private int chars;
    private boolean full;

    void client(String line) {
        add("C: " + line);
    }

    void server(String wire) {
        wire.lines().forEach(line -> add("S: " + line));
    }

    private void add(String line) {
        if (full) {
            return;
        }
        chars += line.length();
        full = lines.size() == MAX_LINES || chars > MAX_CHARS;
        lines.add(full ? "... and more" : line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
