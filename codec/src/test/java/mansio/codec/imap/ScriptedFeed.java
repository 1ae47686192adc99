package mansio.codec.imap;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that has already sent everything. Counts how often it was asked to go on. */
final class ScriptedFeed implements CommandFeed {
    private final byte[] sent;
    private int at;
    int goAheads;

    ScriptedFeed(byte[] sent) {
        this.sent = sent;
    }

    /** Each character is one octet; a line's end is written as {@code \r\n}. */
    ScriptedFeed(String sent) {
        this(sent.getBytes(StandardCharsets.ISO_8859_1));
    }

    int left() {
        return sent.length - at;
    }

    @Override
    public byte[] line(int limitBytes) throws EOFException, LineTooLongException {
        for (int i = at; i + 1 < sent.length; i++) {
            if (sent[i] == '\r' && sent[i + 1] == '\n') {
                byte[] line = Arrays.copyOfRange(sent, at, i);
                at = i + 2;
                if (line.length > limitBytes) {
                    throw new LineTooLongException();
                }
                return line;
            }
        }
        throw new EOFException();
    }

    @Override
    public void read(byte[] to, int offset, int length) throws EOFException {
        if (length > left()) {
            throw new EOFException();
        }
        System.arraycopy(sent, at, to, offset, length);
        at += length;
    }

    @Override
    public void goAhead() {
        goAheads++;
    }
}
