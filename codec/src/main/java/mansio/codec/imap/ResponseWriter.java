package mansio.codec.imap;

import mansio.codec.line.ByteSink;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server says: one method per response of RFC 9051 section 7 and RFC 3501 section 7. Nothing
 * leaves before {@link #flush}, save what no longer fits the buffers. Names and texts are escaped
 * here; no caller can break a line.
 *
 * <p>Used by one thread at a time; the session's writer lock sees to that.
 */
public final class ResponseWriter {
    private final ImapWriter out;
    private final FetchWriter fetch;
    private MailboxPath.Form form = MailboxPath.Form.UTF7;

    public ResponseWriter(ByteSink sink) {
        this.out = new ImapWriter(sink);
        this.fetch = new FetchWriter(out);
    }

    /** How this client reads mailbox names and quoted strings from now on. */
    public void form(MailboxPath.Form form) {
        this.form = form;
        fetch.utf8(form == MailboxPath.Form.UTF8);
    }

    /** Sends all, and gives the buffer up. */
    public void flush() throws IOException {
        out.flush();
    }

    /** False in the middle of a FETCH response, where nothing else can be written. */
    public boolean isWhole() {
        return fetch.isEnded();
    }

    // ---- status: RFC 9051 section 7.1

    public void tagged(String tag, Reply reply) throws IOException {
        out.ascii(tag).octet(' ');
        reply(reply);
    }

    public void untagged(Reply reply) throws IOException {
        out.ascii("* ");
        reply(reply);
    }

    private void reply(Reply reply) throws IOException {
        out.ascii(reply.status().name()).octet(' ');
        text(reply.code(), reply.text());
    }

    /** RFC 9051 section 7.1.5. */
    public void bye(Optional<ResponseCode> code, String text) throws IOException {
        out.ascii("* BYE ");
        text(code, text);
    }

    private void text(Optional<ResponseCode> code, String text) throws IOException {
        if (code.isPresent()) {
            out.octet('[').ascii(code.get().toString()).ascii("] ");
        }
        out.ascii(text).crlf();
    }

    /**
     * RFC 9051 section 7.6: command continuation request; {@code text} is ASCII, perhaps base64.
     */
    public void goAhead(String text) throws IOException {
        out.ascii("+ ").ascii(text).crlf();
    }

    // ---- server and mailbox: RFC 9051 sections 7.2 to 7.4

    public void capability(List<String> capabilities) throws IOException {
        words("CAPABILITY", capabilities);
    }

    public void enabled(List<String> capabilities) throws IOException {
        words("ENABLED", capabilities);
    }

    private void words(String name, List<String> words) throws IOException {
        out.ascii("* ").ascii(name);
        for (String word : words) {
            out.octet(' ').ascii(word);
        }
        out.crlf();
    }

    /** RFC 2971 section 3.2. */
    public void id(Map<String, String> fields) throws IOException {
        out.ascii("* ID (");
        boolean first = true;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!first) {
                out.octet(' ');
            }
            first = false;
            string(field.getKey());
            out.octet(' ');
            string(field.getValue());
        }
        out.octet(')').crlf();
    }

    /** RFC 9051 section 7.3.4: one personal namespace, none of others and none shared. */
    public void namespace(String prefix, char delimiter) throws IOException {
        out.ascii("* NAMESPACE ((");
        mailboxString(prefix);
        out.ascii(" \"").octet(delimiter).ascii("\")) NIL NIL").crlf();
    }

    public void list(ListResponse list) throws IOException {
        list("LIST", list);
    }

    public void lsub(ListResponse list) throws IOException {
        list("LSUB", list);
    }

    private void list(String name, ListResponse list) throws IOException {
        out.ascii("* ").ascii(name).ascii(" (");
        join(list.attributes());
        out.ascii(") \"").octet(list.delimiter()).ascii("\" ");
        mailbox(list.mailbox());
        ListResponse.Extended extended = list.extended();
        if (!extended.childInfo().isEmpty() || extended.oldName().isPresent()) {
            out.ascii(" (");
            if (!extended.childInfo().isEmpty()) {
                out.ascii("\"CHILDINFO\" (\"");
                out.ascii(String.join("\" \"", extended.childInfo())).ascii("\")");
            }
            if (extended.oldName().isPresent()) {
                out.ascii(extended.childInfo().isEmpty() ? "" : " ").ascii("\"OLDNAME\" (");
                mailbox(extended.oldName().get());
                out.octet(')');
            }
            out.octet(')');
        }
        out.crlf();
    }

    /** Items in the order of the map. */
    public void status(String mailbox, Map<StatusItem, Long> items) throws IOException {
        out.ascii("* STATUS ");
        mailbox(mailbox);
        out.ascii(" (");
        boolean first = true;
        for (Map.Entry<StatusItem, Long> item : items.entrySet()) {
            out.ascii(first ? "" : " ").ascii(item.getKey().name()).octet(' ');
            out.number(item.getValue());
            first = false;
        }
        out.octet(')').crlf();
    }

    public void flags(List<String> flags) throws IOException {
        out.ascii("* FLAGS (");
        join(flags);
        out.octet(')').crlf();
    }

    private void join(List<String> words) throws IOException {
        for (int i = 0; i < words.size(); i++) {
            out.ascii(i == 0 ? "" : " ").ascii(words.get(i));
        }
    }

    public void exists(long count) throws IOException {
        numbered(count, " EXISTS");
    }

    /** IMAP4rev1 only: RFC 3501 section 7.3.2. */
    public void recent(long count) throws IOException {
        numbered(count, " RECENT");
    }

    public void expunge(long sequenceNumber) throws IOException {
        numbered(sequenceNumber, " EXPUNGE");
    }

    private void numbered(long number, String what) throws IOException {
        out.ascii("* ").number(number).ascii(what).crlf();
    }

    /** RFC 7162 section 3.2.10: messages gone now. */
    public void vanished(NumberRanges uids) throws IOException {
        out.ascii("* VANISHED ").ranges(uids).crlf();
    }

    /** RFC 7162 section 3.2.10.1: messages gone before; they change no sequence number. */
    public void vanishedEarlier(NumberRanges uids) throws IOException {
        out.ascii("* VANISHED (EARLIER) ").ranges(uids).crlf();
    }

    // ---- search: RFC 3501 section 7.2.5, RFC 9051 section 7.3.5

    /** SEARCH with numbers; {@code modSeq} as in RFC 7162 section 3.1.5. */
    public void search(NumberRanges numbers, OptionalLong modSeq) throws IOException {
        out.ascii("* SEARCH");
        for (int i = 0; i < numbers.rangeCount(); i++) {
            for (long number = numbers.first(i); number <= numbers.last(i); number++) {
                out.octet(' ').number(number);
            }
        }
        if (modSeq.isPresent() && !numbers.isEmpty()) {
            out.ascii(" (MODSEQ ").number(modSeq.getAsLong()).octet(')');
        }
        out.crlf();
    }

    /**
     * What ESEARCH may tell: RFC 4731 section 3.1, RFC 7162 section 3.1.10.
     *
     * @param all never empty: nothing found is told by its absence
     */
    public record SearchResult(
            OptionalLong min,
            OptionalLong max,
            OptionalLong count,
            Optional<NumberRanges> all,
            OptionalLong modSeq) {}

    public void esearch(String tag, boolean uid, SearchResult result) throws IOException {
        out.ascii("* ESEARCH (TAG ");
        string(tag);
        out.ascii(uid ? ") UID" : ")");
        item(" MIN ", result.min());
        item(" MAX ", result.max());
        item(" COUNT ", result.count());
        if (result.all().isPresent()) {
            out.ascii(" ALL ").ranges(result.all().get());
        }
        item(" MODSEQ ", result.modSeq());
        out.crlf();
    }

    private void item(String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            out.ascii(name).number(value.getAsLong());
        }
    }

    // ---- messages: RFC 9051 section 7.5

    /** The response to FETCH of one message; to be ended before anything else is written. */
    public FetchWriter fetch(long sequenceNumber) throws IOException {
        return fetch.start(sequenceNumber);
    }

    private void string(String text) throws IOException {
        out.string(text, form == MailboxPath.Form.UTF8);
    }

    private void mailbox(String name) throws IOException {
        out.astring(MailboxPath.encode(name, form), form == MailboxPath.Form.UTF8);
    }

    private void mailboxString(String name) throws IOException {
        out.string(MailboxPath.encode(name, form), form == MailboxPath.Form.UTF8);
    }
}
