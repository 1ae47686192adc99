package mansio.codec.imap;

import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.Envelope;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * RFC 9051 9: msg-att. One method per item, each writing as it is called; literals are streamed by
 * the caller. The object is reused from message to message and makes no garbage of its own.
 */
public final class FetchWriter {
    private final ImapWriter out;
    private boolean utf8;
    private boolean first;
    private boolean ended = true;

    FetchWriter(ImapWriter out) {
        this.out = out;
    }

    void utf8(boolean utf8) {
        this.utf8 = utf8;
    }

    FetchWriter start(long sequenceNumber) throws IOException {
        first = true;
        ended = false;
        out.ascii("* ").number(sequenceNumber).ascii(" FETCH (");
        return this;
    }

    /** Ends the response. */
    public void end() throws IOException {
        out.octet(')').crlf();
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    private ImapWriter item(String name) throws IOException {
        if (!first) {
            out.octet(' ');
        }
        first = false;
        return out.ascii(name).octet(' ');
    }

    /** Flags in the RFC's spelling. */
    public FetchWriter flags(List<String> flags) throws IOException {
        item("FLAGS").octet('(');
        for (int i = 0; i < flags.size(); i++) {
            if (i > 0) {
                out.octet(' ');
            }
            out.ascii(flags.get(i));
        }
        out.octet(')');
        return this;
    }

    public FetchWriter uid(long uid) throws IOException {
        item("UID").number(uid);
        return this;
    }

    /** RFC 7162 section 7: fetch-mod-resp. */
    public FetchWriter modSeq(long modSeq) throws IOException {
        item("MODSEQ").octet('(').number(modSeq).octet(')');
        return this;
    }

    public FetchWriter size(long octets) throws IOException {
        item("RFC822.SIZE").number(octets);
        return this;
    }

    /** RFC 9051 9: date-time. */
    public FetchWriter internalDate(OffsetDateTime date) throws IOException {
        item("INTERNALDATE").octet('"');
        int day = date.getDayOfMonth();
        out.octet(day < 10 ? ' ' : '0' + day / 10).octet('0' + day % 10).octet('-');
        out.ascii(DateParser.MONTHS.get(date.getMonthValue() - 1)).octet('-');
        two(date.getYear() / 100);
        two(date.getYear() % 100);
        out.octet(' ');
        two(date.getHour());
        out.octet(':');
        two(date.getMinute());
        out.octet(':');
        two(date.getSecond());
        int minutes = date.getOffset().getTotalSeconds() / 60;
        out.octet(' ').octet(minutes < 0 ? '-' : '+');
        two(Math.abs(minutes) / 60);
        two(Math.abs(minutes) % 60);
        out.octet('"');
        return this;
    }

    private void two(int number) throws IOException {
        out.octet('0' + number / 10 % 10).octet('0' + number % 10);
    }

    /**
     * BODY[...] with its octets to come.
     *
     * @param length how many octets the caller hands to {@link #octets}
     */
    public FetchWriter body(FetchItem.Body item, long length) throws IOException {
        bodyName(item);
        out.literalHeader(length);
        return this;
    }

    /** BODY[...] of a part that is not there: RFC 9051 9: nstring. */
    public FetchWriter bodyNil(FetchItem.Body item) throws IOException {
        bodyName(item);
        out.nil();
        return this;
    }

    private void bodyName(FetchItem.Body item) throws IOException {
        if (!first) {
            out.octet(' ');
        }
        first = false;
        out.ascii("BODY");
        section(item.section());
        if (item.partial().isPresent()) {
            out.octet('<').number(item.partial().get().offset()).octet('>');
        }
        out.octet(' ');
    }

    /** IMAP4rev1: RFC822, RFC822.HEADER or RFC822.TEXT with its octets to come. */
    public FetchWriter rfc822(String name, long length) throws IOException {
        item(name);
        out.literalHeader(length);
        return this;
    }

    /** RFC 3516 section 4.2: BINARY[...] as literal8, for the part may hold NUL. */
    public FetchWriter binary(FetchItem.Binary item, long length) throws IOException {
        binaryName("BINARY", item.part());
        if (item.partial().isPresent()) {
            out.octet('<').number(item.partial().get().offset()).octet('>');
        }
        out.ascii(" ~").literalHeader(length);
        return this;
    }

    /** RFC 3516 section 4.2: BINARY[...] of a part that is not there. */
    public FetchWriter binaryNil(FetchItem.Binary item) throws IOException {
        binaryName("BINARY", item.part());
        if (item.partial().isPresent()) {
            out.octet('<').number(item.partial().get().offset()).octet('>');
        }
        out.octet(' ').nil();
        return this;
    }

    /** RFC 3516 section 4.3. */
    public FetchWriter binarySize(FetchItem.BinarySize item, long octets) throws IOException {
        binaryName("BINARY.SIZE", item.part());
        out.octet(' ').number(octets);
        return this;
    }

    private void binaryName(String name, List<Integer> part) throws IOException {
        if (!first) {
            out.octet(' ');
        }
        first = false;
        out.ascii(name).octet('[');
        part(part);
        out.octet(']');
    }

    /** The next octets of the literal that was announced. */
    public void octets(byte[] from, int offset, int length) throws IOException {
        out.octets(from, offset, length);
    }

    /** RFC 9051 9: envelope. */
    public FetchWriter envelope(Envelope envelope) throws IOException {
        item("ENVELOPE");
        new StructureWriter(out, utf8).envelope(envelope);
        return this;
    }

    /** RFC 9051 9: "BODY" SP body, without extension data. */
    public FetchWriter body(BodyStructure structure) throws IOException {
        item("BODY");
        new StructureWriter(out, utf8).body(structure);
        return this;
    }

    /** RFC 9051 9: "BODYSTRUCTURE" SP body. */
    public FetchWriter bodyStructure(BodyStructure structure) throws IOException {
        item("BODYSTRUCTURE");
        new StructureWriter(out, utf8).bodyStructure(structure);
        return this;
    }

    // RFC 9051 9: section
    private void section(Section section) throws IOException {
        out.octet('[');
        part(section.part());
        String dot = section.part().isEmpty() ? "" : ".";
        switch (section.text()) {
            case SectionText.Whole _ -> {}
            case SectionText.Header _ -> out.ascii(dot).ascii("HEADER");
            case SectionText.HeaderFields fields -> {
                out.ascii(dot).ascii("HEADER.FIELDS (");
                names(fields.names());
            }
            case SectionText.HeaderFieldsNot fields -> {
                out.ascii(dot).ascii("HEADER.FIELDS.NOT (");
                names(fields.names());
            }
            case SectionText.Text _ -> out.ascii(dot).ascii("TEXT");
            case SectionText.Mime _ -> out.ascii(dot).ascii("MIME");
        }
        out.octet(']');
    }

    private void part(List<Integer> part) throws IOException {
        for (int i = 0; i < part.size(); i++) {
            if (i > 0) {
                out.octet('.');
            }
            out.number(part.get(i));
        }
    }

    private void names(List<String> names) throws IOException {
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.octet(' ');
            }
            out.astring(names.get(i).getBytes(StandardCharsets.UTF_8), utf8);
        }
        out.octet(')');
    }
}
