package mansio.trust.dmarcreport;

import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads aggregate reports that others sent: XML as it is, or in gzip or zip; by RFC 7489 or RFC
 * 9990, and what is met in between. Namespaces and elements that are not known are passed over,
 * values that are missing or odd get defaults, a record without a usable address is left out. There
 * are no document types, no entities but the five of XML, and nothing is fetched.
 */
public final class AggregateReader {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_TEXT = 10_000;

    /** Names of elements and attributes that are told apart; both standards together have 50. */
    private static final int MAX_NAMES = 500;

    private static final int MAX_INSTRUCTIONS = 100;

    private final XMLStreamReader in;
    private final AggregateBuilder report;

    /** The elements that are open, outermost last. */
    private final Deque<String> path = new ArrayDeque<>();

    private final StringBuilder text = new StringBuilder();

    /** All names that were met: the parser keeps each, and so does the report. */
    private final Set<String> names = new HashSet<>();

    private int instructions;

    private AggregateReader(XMLStreamReader in, ReportLimits limits) {
        this.in = in;
        this.report = new AggregateBuilder(limits);
    }

    /**
     * Reads a report.
     *
     * @param file of any of the three kinds; its name is not needed
     * @throws SyntaxException when it is no report, is broken, or beyond the limits
     */
    public static AggregateReport read(byte[] file, ReportLimits limits) {
        InputStream xml = Unpacker.open(file, limits);
        try {
            XMLStreamReader in = factory().createXMLStreamReader(XmlCharset.reader(xml));
            try {
                return new AggregateReader(in, limits).read();
            } finally {
                in.close();
            }
        } catch (SyntaxException e) {
            throw e;
        } catch (XMLStreamException | IOException e) {
            throw new SyntaxException("the report is not well-formed, or too large", 0);
        } catch (RuntimeException e) {
            // The parser of the JDK throws some of its own for broken text.
            throw new SyntaxException("the report cannot be read", 0);
        }
    }

    /** As {@link #read}, for callers to whom a broken report is a normal answer. */
    public static Optional<AggregateReport> tryRead(byte[] file, ReportLimits limits) {
        try {
            return Optional.of(read(file, limits));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver(
                (_, _, _, _) -> {
                    throw new XMLStreamException("nothing is fetched");
                });
        return factory;
    }

    private AggregateReport read() throws XMLStreamException {
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    limitNames();
                    open(Ascii.lower(in.getLocalName()));
                }
                case XMLStreamConstants.END_ELEMENT -> close();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> characters();
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new SyntaxException("a report has no document type", 0);
                case XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    if (++instructions > MAX_INSTRUCTIONS) {
                        throw new SyntaxException("too many processing instructions", 0);
                    }
                }
                default -> {} // Comments.
            }
        }
        return report.build();
    }

    private void limitNames() {
        names.add(in.getLocalName());
        for (int i = 0; i < in.getAttributeCount(); i++) {
            names.add(in.getAttributeLocalName(i));
        }
        for (int i = 0; i < in.getNamespaceCount(); i++) {
            names.add("xmlns:" + in.getNamespacePrefix(i));
        }
        if (names.size() > MAX_NAMES) {
            throw new SyntaxException("the report has too many kinds of elements", 0);
        }
    }

    private void open(String name) {
        if (path.isEmpty() && !name.equals("feedback")) {
            throw new SyntaxException("expected feedback", 0);
        }
        if (path.size() == MAX_DEPTH) {
            throw new SyntaxException("elements are nested too deeply", 0);
        }
        path.push(name);
        text.setLength(0);
        report.open(name);
    }

    private void characters() {
        if (text.length() + in.getTextLength() > MAX_TEXT) {
            throw new SyntaxException("a text is too long", 0);
        }
        text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
    }

    private void close() {
        String name = path.pop();
        String parent = path.isEmpty() ? "" : path.peek();
        report.close(parent, name, text.toString().strip());
        text.setLength(0);
    }
}
