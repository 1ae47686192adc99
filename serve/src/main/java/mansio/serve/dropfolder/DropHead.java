package mansio.serve.dropfolder;

import mansio.codec.smtp.MailParameters.Ret;
import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.text.SyntaxException;
import mansio.state.queue.ReportWish;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What stands before the message in a file of the drop folder: the options of {@code sendmail}, one
 * a line, in UTF-8.
 *
 * <pre>
 * file    = "mansio-drop 1" LF *(key SP value LF) "message" LF *OCTET
 * key     = "sender" / "name" / "to" / "from-header" / "envid" / "ret" / "notify"
 * </pre>
 *
 * @param sender {@code -f}: empty when not given, an empty text for the null reverse-path
 * @param name {@code -F}, or the user's name as the system knows it; may be empty
 * @param recipients as named on the command line, each an address list
 * @param fromHeader {@code -t}: the header names recipients, too
 * @param envid {@code -V} (RFC 3461 section 4.4)
 * @param ret {@code -R} (RFC 3461 section 4.3)
 * @param wish {@code -N} (RFC 3461 section 4.1), for every recipient
 */
record DropHead(
        Optional<String> sender,
        String name,
        List<String> recipients,
        boolean fromHeader,
        Optional<String> envid,
        Optional<Ret> ret,
        ReportWish wish) {
    private static final String FIRST = "mansio-drop 1";
    private static final int MAX_LINE = 8_200;

    /** Of all of it. */
    static final int MAX_BYTES = 4 << 20;

    private static final int MAX_ENVID = 100;

    DropHead {
        recipients = List.copyOf(recipients);
    }

    /**
     * Reads it, and leaves the stream before the message.
     *
     * @throws SyntaxException when this is no such file; the offset is in bytes
     */
    static DropHead read(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        if (!lines.next().equals(FIRST)) throw new SyntaxException("not a drop file", 0);
        Optional<String> sender = Optional.empty();
        Optional<String> envid = Optional.empty();
        Optional<Ret> ret = Optional.empty();
        ReportWish wish = ReportWish.NONE;
        String name = "";
        boolean fromHeader = false;
        List<String> recipients = new ArrayList<>();
        for (String line = lines.next(); !line.equals("message"); line = lines.next()) {
            int space = line.indexOf(' ');
            if (space < 0) throw new SyntaxException("a key without value", lines.offset);
            String value = line.substring(space + 1);
            switch (line.substring(0, space)) {
                case "sender" -> sender = Optional.of(value.strip());
                case "name" -> name = plain(value);
                case "to" -> recipients.add(value);
                case "from-header" -> fromHeader = true;
                case "envid" -> envid = Optional.of(value).filter(DropHead::isEnvid);
                case "ret" -> ret = ret(value);
                case "notify" -> wish = wish(value);
                default -> throw new SyntaxException("an unknown key", lines.offset);
            }
        }
        return new DropHead(sender, name, recipients, fromHeader, envid, ret, wish);
    }

    private static Optional<Ret> ret(String value) {
        if (value.equalsIgnoreCase("hdrs")) return Optional.of(Ret.HDRS);
        return value.equalsIgnoreCase("full") ? Optional.of(Ret.FULL) : Optional.empty();
    }

    /** What is no NOTIFY asks for nothing: the message matters more. */
    private static ReportWish wish(String value) {
        EnumSet<Notify> events = EnumSet.noneOf(Notify.class);
        if (!value.equalsIgnoreCase("never")) {
            for (String word : value.split(",")) {
                switch (word.strip().toLowerCase(Locale.ROOT)) {
                    case "success" -> events.add(Notify.SUCCESS);
                    case "failure" -> events.add(Notify.FAILURE);
                    case "delay" -> events.add(Notify.DELAY);
                    default -> {
                        return ReportWish.NONE;
                    }
                }
            }
        }
        return new ReportWish(Optional.of(events), Optional.empty());
    }

    private static boolean isEnvid(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_ENVID
                && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.chars().filter(c -> !Character.isISOControl(c)).forEach(c -> plain.append((char) c));
        return plain.toString().strip();
    }

    /** Lines of bounded length, all together of bounded length. */
    private static final class Lines {
        private final InputStream in;
        int offset;

        Lines(InputStream in) {
            this.in = in;
        }

        String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                offset++;
                if (b < 0) throw new SyntaxException("the file ends early", offset);
                if (line.size() >= MAX_LINE || offset > MAX_BYTES)
                    throw new SyntaxException("too long", offset);
                line.write(b);
            }
            offset++;
            return line.toString(StandardCharsets.UTF_8);
        }
    }
}
