package mansio.codec.message;

import mansio.codec.text.MailCharset;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds the structure of a message in one pass over its bytes: feed it pieces of any size, then
 * finish. It keeps header bytes only, within {@link Limits}, takes time linear in the bytes, never
 * fails on what a message holds, and tells what was odd. One parser for one message, used by one
 * thread.
 *
 * <p>Decisions where messages are malformed:
 *
 * <ul>
 *   <li>CRLF and bare LF end a line; a bare CR does not.
 *   <li>A line without a field name in a header is kept as a malformed field and does not end the
 *       header; only an empty line, a delimiter of an open multipart, or the end does.
 *   <li>A delimiter is a whole line: "--", the boundary, perhaps "--", perhaps white space. RFC
 *       2046 section 5.1.1 would allow any text after it, but then one boundary that begins like
 *       another would delimit too.
 *   <li>A delimiter of an outer multipart ends all within it. After a close-delimiter its boundary
 *       no longer delimits.
 *   <li>A multipart or message with base64 or quoted-printable (forbidden by RFC 2045 section 6.4):
 *       the multipart is read as if it had none, the message is not looked into.
 * </ul>
 */
public final class MessageParser {
    /** Longest line that can be a delimiter: boundary, dashes and some white space. */
    private static final int MAX_DELIMITER_LINE = Limits.BOUNDARY + 300;

    private final Limits limits;
    private final HeaderCollector collector;
    private final OddityLog oddities = new OddityLog();

    /** From the message itself to the innermost entity that is being read. */
    private final Deque<Entity> open = new ArrayDeque<>();

    /** The start of a line that was cut by the end of a piece. */
    private final byte[] carry = new byte[MAX_DELIMITER_LINE];

    private int carried;
    private int openMultiparts;
    private int parts = 1;

    /** True while the innermost entity's header is read. */
    private boolean inHeader = true;

    /** True in the middle of a body line that is no delimiter. */
    private boolean insideLine;

    private long position;
    private long lines;
    private long lineStart;
    private int lastBreak;
    private byte lastByte;

    public MessageParser() {
        this(Limits.DEFAULT);
    }

    public MessageParser(Limits limits) {
        this.limits = limits;
        this.collector = new HeaderCollector(limits);
        open.push(new Entity(0, ContentType.TEXT_PLAIN));
        collector.begin();
    }

    /** Parses a message in memory. */
    public static ParsedMessage parse(byte[] message) {
        MessageParser parser = new MessageParser();
        parser.feed(message, 0, message.length);
        return parser.finish();
    }

    /** Takes the next bytes of the message. */
    public void feed(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int from = at;
            at = inHeader ? headerBytes(bytes, at, end) : bodyBytes(bytes, at, end);
            position += at - from;
            lastByte = bytes[at - 1];
        }
    }

    /** The structure, after the last bytes. To be called once. */
    public ParsedMessage finish() {
        if (!inHeader && carried > 0) {
            bodyLine(carry, 0, carried, 0);
        } else if (inHeader && collector.lineEnd() > collector.lineStart()) {
            headerLine(position, 0);
        }
        while (inHeader) { // Twice when a message within a message has nothing.
            oddities.add(Oddity.Kind.HEADER_NOT_ENDED, position);
            endHeader(position);
        }
        closeDownTo(0, position, lines);
        Entity root = open.getFirst();
        endMultipart(root);
        return new ParsedMessage(
                root.end(position, lines), position, oddities.list(), oddities.kinds());
    }

    // ---- header ----

    private int headerBytes(byte[] bytes, int from, int end) {
        int lf = indexOfLf(bytes, from, end);
        int next = lf < end ? lf + 1 : end;
        boolean wasFull = collector.isFull();
        collector.add(bytes, from, next - from);
        if (!wasFull && collector.isFull()) {
            oddities.add(Oddity.Kind.HEADER_TOO_LARGE, lineStart);
        }
        if (lf < end) {
            byte before = lf > from ? bytes[lf - 1] : lastByte;
            boolean crlf = before == '\r' && position + (lf - from) > lineStart;
            headerLine(position + (next - from), crlf ? 2 : 1);
        }
        return next;
    }

    /**
     * A whole line of the header, in the collector.
     *
     * @param next offset after the line
     * @param lineBreak bytes of its line break; 0 at the end of the message
     */
    private void headerLine(long next, int lineBreak) {
        byte[] line = collector.line();
        int start = collector.lineStart();
        int length = collector.lineEnd() - start;
        if (collector.isFull()) {
            length = Math.min(length, carry.length); // The same however the bytes were cut.
        }
        if (lineBreak > 0) {
            lines++;
        }
        if (next - lineStart == lineBreak) {
            collector.discardLine();
            advance(next, lineBreak);
            endHeader(next);
            return;
        }
        int level = next - lineStart <= carry.length ? delimiter(line, start, start + length) : -1;
        if (level >= 0) {
            collector.discardLine();
            endHeaderByDelimiter(level, next, lineBreak);
            return;
        }
        keepHeaderLine(line, start, length);
        advance(next, lineBreak);
    }

    private void endHeaderByDelimiter(int level, long next, int lineBreak) {
        oddities.add(Oddity.Kind.HEADER_NOT_ENDED, lineStart);
        long before = lines - (lineBreak > 0 ? 1 : 0);
        Entity innermost = open.getFirst();
        innermost.beginBody(collector.end(innermost.headerStart), lineStart, before);
        innermost.readMimeFields(oddities);
        inHeader = false;
        atDelimiter(level, new Cut(lineStart, before, next, lineBreak));
    }

    private void keepHeaderLine(byte[] line, int start, int length) {
        boolean continuation = collector.isContinuation();
        int colon = continuation ? -1 : colon(line, start, start + length);
        if (!continuation && colon < 0) {
            oddities.add(Oddity.Kind.MALFORMED_FIELD, lineStart);
        } else if (colon > 0 && line[colon - 1] <= ' ') {
            oddities.add(Oddity.Kind.SPACE_BEFORE_COLON, lineStart);
        }
        checkBytes(line, start, start + length);
        boolean wasFull = collector.isFull();
        if (!collector.endLine(colon, continuation) && !wasFull) {
            oddities.add(Oddity.Kind.TOO_MANY_FIELDS, lineStart);
        }
    }

    private void checkBytes(byte[] line, int start, int end) {
        boolean nul = false;
        boolean ascii = true;
        for (int i = start; i < end; i++) {
            nul |= line[i] == 0;
            ascii &= line[i] >= 0;
        }
        if (nul) {
            oddities.add(Oddity.Kind.NUL_IN_HEADER, lineStart);
        }
        if (!ascii && !MailCharset.isUtf8(line, start, end - start)) {
            oddities.add(Oddity.Kind.NOT_UTF8_IN_HEADER, lineStart);
        }
    }

    // RFC 5322 2.2: printable US-ASCII except colon; 4.5: white space before the colon.
    private static int colon(byte[] line, int start, int end) {
        int i = start;
        while (i < end && line[i] > ' ' && line[i] < 0x7f && line[i] != ':') {
            i++;
        }
        int nameEnd = i;
        while (i < end && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return nameEnd > start && i < end && line[i] == ':' ? i : -1;
    }

    /** The innermost header is complete: decides what its body is. */
    private void endHeader(long bodyStart) {
        Entity entity = open.getFirst();
        entity.beginBody(collector.end(entity.headerStart), bodyStart, lines);
        entity.readMimeFields(oddities);
        inHeader = false;
        ContentType type = entity.contentType();
        if (!type.isMultipart() && !type.isMessage()) {
            return;
        }
        if (!entity.isIdentityEncoded()) {
            oddities.add(Oddity.Kind.ENCODED_COMPOSITE, entity.headerStart);
        }
        if (open.size() >= limits.depth()) {
            oddities.add(Oddity.Kind.TOO_DEEP, bodyStart);
        } else if (type.isMultipart()) {
            if (entity.openMultipart()) {
                openMultiparts++;
            } else {
                oddities.add(Oddity.Kind.MISSING_BOUNDARY, entity.headerStart);
            }
        } else if (entity.isIdentityEncoded()) {
            beginEntity(bodyStart, ContentType.TEXT_PLAIN);
        }
    }

    private boolean beginEntity(long start, ContentType defaultType) {
        if (parts >= limits.parts()) {
            oddities.add(Oddity.Kind.TOO_MANY_PARTS, start);
            return false;
        }
        parts++;
        open.push(new Entity(start, defaultType));
        collector.begin();
        inHeader = true;
        return true;
    }

    // ---- body ----

    private int bodyBytes(byte[] bytes, int from, int end) {
        if (insideLine) {
            return restOfLine(bytes, from, end);
        }
        if (openMultiparts == 0) {
            return lastBody(bytes, from, end);
        }
        if (carried > 0) {
            return carryOn(bytes, from, end);
        }
        int at = from;
        while (at < end) {
            // Only a line that begins with two dashes can be a delimiter.
            boolean mayDelimit = bytes[at] == '-' && (at + 1 == end || bytes[at + 1] == '-');
            int lf = indexOfLf(bytes, at, end);
            if (lf == end) {
                return cutLine(bytes, at, end, mayDelimit);
            }
            int lineBreak = lf > at && bytes[lf - 1] == '\r' ? 2 : 1;
            if (mayDelimit) {
                bodyLine(bytes, at, lf + 1, lineBreak);
                return lf + 1;
            }
            lines++;
            lineStart += lf + 1 - at;
            lastBreak = lineBreak;
            at = lf + 1;
        }
        return end;
    }

    /** No delimiter can come any more: only lines are counted. */
    private int lastBody(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        return end;
    }

    private int restOfLine(byte[] bytes, int from, int end) {
        int lf = indexOfLf(bytes, from, end);
        if (lf == end) {
            return end;
        }
        byte before = lf > from ? bytes[lf - 1] : lastByte;
        lines++;
        insideLine = false;
        advance(position + (lf + 1 - from), before == '\r' ? 2 : 1);
        return lf + 1;
    }

    /** The piece ends within a line. */
    private int cutLine(byte[] bytes, int from, int end, boolean mayDelimit) {
        if (mayDelimit && end - from <= carry.length) {
            System.arraycopy(bytes, from, carry, 0, end - from);
            carried = end - from;
        } else {
            insideLine = true;
        }
        return end;
    }

    /** Goes on with a line whose start was carried over. */
    private int carryOn(byte[] bytes, int from, int end) {
        int lf = indexOfLf(bytes, from, end);
        int next = lf < end ? lf + 1 : end;
        int taken = next - from;
        boolean noDelimiter =
                carried + taken > carry.length || (carried == 1 && bytes[from] != '-');
        if (noDelimiter) {
            carried = 0;
            insideLine = true;
            return restOfLine(bytes, from, end);
        }
        System.arraycopy(bytes, from, carry, carried, taken);
        carried += taken;
        if (lf < end) {
            int length = carried;
            carried = 0;
            bodyLine(carry, 0, length, length > 1 && carry[length - 2] == '\r' ? 2 : 1);
        }
        return next;
    }

    /** A whole line of a body that may be a delimiter. */
    private void bodyLine(byte[] line, int from, int to, int lineBreak) {
        long before = lines;
        long next = lineStart + (to - from);
        if (lineBreak > 0) {
            lines++;
        }
        int level = to - from <= carry.length ? delimiter(line, from, to) : -1;
        if (level < 0) {
            advance(next, lineBreak);
            return;
        }
        // The line break before the delimiter is part of it, unless it ends a header.
        boolean ownBreak = open.getFirst().bodyStart() <= lineStart - lastBreak;
        long cut = ownBreak ? lineStart - lastBreak : lineStart;
        long linesAtCut = ownBreak && lastBreak > 0 ? before - 1 : before;
        atDelimiter(level, new Cut(cut, linesAtCut, next, lineBreak));
    }

    private void advance(long next, int lineBreak) {
        lineStart = next;
        lastBreak = lineBreak;
    }

    // ---- delimiters ----

    /** Where a delimiter ends what is before it and lets begin what is after it. */
    private record Cut(long end, long lines, long next, int lineBreak) {}

    private static boolean isDashes(byte[] line, int from, int length) {
        return length >= 2 && line[from] == '-' && line[from + 1] == '-';
    }

    // RFC 2046 5.1.1: delimiter := CRLF "--" boundary; close-delimiter := delimiter "--"
    /**
     * Which open multipart this line delimits, innermost first.
     *
     * @return its place from the outermost entity times 2, plus 1 for a close-delimiter; or -1
     */
    private int delimiter(byte[] line, int start, int lineEnd) {
        if (openMultiparts == 0 || !isDashes(line, start, lineEnd - start)) {
            return -1;
        }
        int from = start + 2;
        int to = lineEnd;
        while (to > from && (line[to - 1] <= ' ' && line[to - 1] >= 0)) {
            to--;
        }
        int level = open.size() - 1;
        for (Entity entity : open) {
            if (entity.isBoundary(line, from, to)) {
                return level * 2;
            }
            level--;
        }
        if (to - from < 3 || line[to - 1] != '-' || line[to - 2] != '-') {
            return -1;
        }
        level = open.size() - 1;
        for (Entity entity : open) {
            if (entity.isBoundary(line, from, to - 2)) {
                return level * 2 + 1;
            }
            level--;
        }
        return -1;
    }

    private void atDelimiter(int found, Cut cut) {
        closeDownTo(found / 2, cut.end(), cut.lines());
        advance(cut.next(), cut.lineBreak());
        Entity multipart = open.getFirst();
        boolean close = found % 2 == 1;
        if (close || !beginEntity(cut.next(), multipart.typeOfChildren())) {
            multipart.closeMultipart();
            openMultiparts--;
        }
    }

    /** Ends all entities deeper than {@code level}. */
    private void closeDownTo(int level, long end, long linesAtEnd) {
        while (open.size() - 1 > level) {
            Entity entity = open.pop();
            endMultipart(entity);
            open.getFirst().add(entity.end(end, linesAtEnd));
        }
    }

    private void endMultipart(Entity entity) {
        if (entity.isOpenMultipart()) {
            entity.closeMultipart();
            openMultiparts--;
            Oddity.Kind kind =
                    entity.hasChildren()
                            ? Oddity.Kind.MISSING_CLOSE_DELIMITER
                            : Oddity.Kind.NO_PARTS;
            oddities.add(kind, entity.headerStart);
        }
    }

    private static int indexOfLf(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /** For tests: bytes held, whatever the size of the message. */
    int heldBytes() {
        return carry.length + collector.line().length;
    }
}
