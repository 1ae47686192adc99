package mansio.codec.message;

import mansio.codec.text.ByteCursor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@link FactsWriter} wrote. Damaged bytes throw SyntaxException, nothing else. */
final class FactsReader {
    /** Deeper than any {@link Limits#depth} in use. */
    private static final int MAX_DEPTH = 1000;

    private final ByteCursor in;

    private FactsReader(byte[] encoded) {
        this.in = new ByteCursor(encoded);
    }

    static MessageFacts read(byte[] encoded) {
        FactsReader reader = new FactsReader(encoded);
        if (reader.number() != FactsWriter.VERSION) {
            throw reader.in.fail("unknown version of message facts");
        }
        boolean complete = reader.number() == 1;
        long size = reader.number();
        Envelope envelope = reader.envelope();
        MessageFacts facts = new MessageFacts(size, envelope, reader.structure(0), complete);
        reader.in.expectEnd();
        return facts;
    }

    private Envelope envelope() {
        Envelope.Text text = new Envelope.Text(optional(), optional(), optional(), optional());
        List<Envelope.Item> from = items();
        List<Envelope.Item> sender = number() == 0 ? from : items();
        List<Envelope.Item> replyTo = number() == 0 ? from : items();
        Envelope.Origin origin = new Envelope.Origin(from, sender, replyTo);
        return new Envelope(text, new Envelope.Addresses(origin, items(), items(), items()));
    }

    private List<Envelope.Item> items() {
        int count = count(4);
        List<Envelope.Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new Envelope.Item(optional(), optional(), optional(), optional()));
        }
        return items;
    }

    private BodyStructure structure(int depth) {
        if (depth > MAX_DEPTH) {
            throw in.fail("message facts nest too deep");
        }
        long kind = number();
        BodyStructure.Facts facts = facts();
        if (kind == FactsWriter.MULTIPART) {
            int count = count(1);
            List<BodyStructure> children = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                children.add(structure(depth + 1));
            }
            return new BodyStructure.Multipart(facts, children);
        }
        if (kind == FactsWriter.MESSAGE) {
            return new BodyStructure.Message(facts, envelope(), structure(depth + 1));
        }
        if (kind == FactsWriter.TEXT) {
            return new BodyStructure.Text(facts);
        }
        if (kind == FactsWriter.BASIC) {
            return new BodyStructure.Basic(facts);
        }
        throw in.fail("unknown kind of body structure");
    }

    private BodyStructure.Facts facts() {
        Extent extent = extent();
        ContentType type = new ContentType(text(), text(), parameters());
        BodyStructure.Fields fields = new BodyStructure.Fields(optional(), optional(), text());
        Optional<String> md5 = optional();
        Optional<Disposition> disposition =
                optional().map(present -> new Disposition(present, parameters()));
        int count = count(1);
        List<String> languages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            languages.add(text());
        }
        return new BodyStructure.Facts(
                extent,
                type,
                fields,
                new BodyStructure.Extension(md5, disposition, languages, optional()));
    }

    private Extent extent() {
        long start = number();
        long headerSize = number();
        long bodySize = number();
        long lines = number();
        try {
            long bodyStart = Math.addExact(start, headerSize);
            return new Extent(start, bodyStart, Math.addExact(bodyStart, bodySize), lines);
        } catch (ArithmeticException e) {
            throw in.fail("extent too large");
        }
    }

    private Parameters parameters() {
        int count = count(2);
        List<Parameters.Parameter> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(new Parameters.Parameter(text(), text()));
        }
        return new Parameters(list);
    }

    /**
     * How many things follow, each of at least {@code size} bytes: never more than there can be.
     */
    private int count(int size) {
        long count = number();
        if (count > in.remaining() / size) {
            throw in.fail("count too large");
        }
        return (int) count;
    }

    private Optional<String> optional() {
        long length = number();
        return length == 0 ? Optional.empty() : Optional.of(utf8(length - 1));
    }

    private String text() {
        return utf8(number());
    }

    private String utf8(long length) {
        if (length > in.remaining()) {
            throw in.fail("text too long");
        }
        return new String(in.expectBytes((int) length), StandardCharsets.UTF_8);
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = in.next();
            value |= (long) (b & 0x7f) << shift;
            if (b <= 0x7f) {
                return value;
            }
        }
        throw in.fail("number too large");
    }
}
