package mansio.app.main;

import mansio.serve.inbound.Replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A message that is named on the command line. */
final class MessageFile {
    /** Standard input. */
    private static final Path STDIN = Path.of("-");

    private MessageFile() {}

    /**
     * Reads it. A file without any CRLF was saved with the line ends of this system, and is read as
     * it was when it travelled.
     *
     * @throws IOException when it is longer than the replay takes, too
     */
    static byte[] read(Path file, Terminal terminal, Replay replay) throws IOException {
        int most = (int) Math.min(Integer.MAX_VALUE - 64, replay.maxMessageBytes());
        return read(file, terminal, new Most(most, "the server takes (limits.message_size)"));
    }

    /**
     * As {@link #read(Path, Terminal, Replay)}, for one that the server is to send.
     *
     * @param most bytes
     */
    static byte[] read(Path file, Terminal terminal, int most) throws IOException {
        return read(file, terminal, new Most(most, "a test message may have"));
    }

    /** A limit and whose it is. */
    private record Most(int bytes, String whose) {}

    private static byte[] read(Path file, Terminal terminal, Most limit) throws IOException {
        int most = limit.bytes();
        byte[] bytes;
        if (file.equals(STDIN)) {
            bytes = terminal.in().readNBytes(most + 1);
        } else {
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(most + 1);
            }
        }
        if (bytes.length == 0) throw new IOException("there is no message in " + name(file));
        if (bytes.length > most) {
            throw new IOException(
                    name(file) + " is longer than the " + most + " bytes that " + limit.whose());
        }
        return travelled(bytes);
    }

    private static String name(Path file) {
        return file.equals(STDIN) ? "standard input" : file.toString();
    }

    private static byte[] travelled(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r') return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + bytes.length / 16);
        for (byte b : bytes) {
            if (b == '\n') out.write('\r');
            out.write(b);
        }
        return out.toByteArray();
    }
}
