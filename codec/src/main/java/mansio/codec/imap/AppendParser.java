package mansio.codec.imap;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The messages of an APPEND, one at a time: RFC 9051 section 9, RFC 3502 section 6.3.11, RFC 3516
 * section 4.4, RFC 6855 section 4. The message octets never pass through here: after {@link #next}
 * the caller reads them with {@link CommandInput#begin} and {@link CommandInput#read}, then calls
 * {@link #endMessage}.
 */
public final class AppendParser {
    private final CommandInput in;
    private boolean first = true;
    private boolean closing;

    /** Goes on where {@link CommandParser} stopped: behind the mailbox. */
    public AppendParser(CommandInput in) {
        this.in = in;
    }

    /**
     * What is said of a message before its octets.
     *
     * @param internalDate when the client gives none, it is the time of arrival
     */
    public record AppendMessage(
            List<String> flags, Optional<OffsetDateTime> internalDate, LiteralHeader literal) {
        public AppendMessage {
            flags = List.copyOf(flags);
        }
    }

    /**
     * RFC 3502: append-message = append-opts SP append-data.
     *
     * @return empty at the end of the command
     */
    public Optional<AppendMessage> next() throws BadCommandException {
        if (!first && in.atEnd()) {
            return Optional.empty();
        }
        first = false;
        in.space();
        List<String> flags = List.of();
        if (in.peek() == '(') {
            flags = FlagParser.flagList(in);
            in.space();
        }
        Optional<OffsetDateTime> internalDate = Optional.empty();
        if (in.peek() == '"') {
            internalDate = Optional.of(new DateParser(in).dateTime());
            in.space();
        }
        return Optional.of(new AppendMessage(flags, internalDate, appendData()));
    }

    // RFC 9051 9: literal / literal8; RFC 6855 section 4: "UTF8" SP "(" literal8 ")"
    private LiteralHeader appendData() throws BadCommandException {
        if (in.takeWord("UTF8")) {
            in.space();
            in.expect('(');
            in.expect('~');
            closing = true;
            return in.literalHeader(LiteralHeader.Kind.UTF8);
        }
        if (in.take('~')) {
            return in.literalHeader(LiteralHeader.Kind.BINARY);
        }
        if (in.peek() != '{') {
            throw in.error("Literal expected");
        }
        return in.literalHeader(LiteralHeader.Kind.TEXT);
    }

    /** Goes on behind a message whose octets have all been read. */
    public void endMessage() throws BadCommandException, IOException {
        in.afterLiteral();
        if (closing) {
            in.expect(')');
            closing = false;
        }
    }
}
