package mansio.app.main;

import mansio.app.log.Visible;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * All that commands print passes through here, so that no subject, greeting or reason of a stranger
 * steers the terminal. Ends of lines pass: they are the program's own, for whoever prints an answer
 * cleans its lines one by one ({@link Visible#line}).
 */
final class CleanWriter extends FilterWriter {
    CleanWriter(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        write(String.valueOf((char) c), 0, 1);
    }

    @Override
    public void write(char[] chars, int offset, int length) throws IOException {
        write(new String(chars, offset, length), 0, length);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        out.write(Visible.lines(text.substring(offset, offset + length)));
    }
}
