package mansio.trust.dmarcreport;

import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Writes aggregate reports as XML, valid by the schema of RFC 7489 appendix C without its
 * namespace: the form that all readers take. Text is escaped, and what XML cannot hold becomes a
 * question mark.
 */
public final class AggregateWriter {
    private final Writer out;
    private int depth;

    private AggregateWriter(Writer out) {
        this.out = out;
    }

    /** The report as XML, compressed with gzip. */
    public static byte[] gzip(AggregateReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
            write(report, zipped);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Not in memory.
        }
        return bytes.toByteArray();
    }

    /**
     * Writes the report as XML in UTF-8; the stream stays open.
     *
     * @throws IllegalArgumentException when it has no rows: such a report is not sent
     */
    public static void write(AggregateReport report, OutputStream stream) throws IOException {
        if (report.rows().isEmpty()) {
            throw new IllegalArgumentException("a report without rows");
        }
        Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
        new AggregateWriter(out).feedback(report);
        out.flush();
    }

    /**
     * The name of the file (RFC 7489 section 7.2.1.1).
     *
     * @param receiver the domain of the reporter
     */
    public static String filename(AggregateReport report, String receiver) {
        Metadata metadata = report.metadata();
        return receiver
                + "!"
                + report.published().domain()
                + "!"
                + metadata.begin().getEpochSecond()
                + "!"
                + metadata.end().getEpochSecond()
                + ".xml.gz";
    }

    private void feedback(AggregateReport report) throws IOException {
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        open("feedback");
        element("version", "1.0");
        metadata(report.metadata());
        published(report.published());
        for (Row row : report.rows()) {
            record(row);
        }
        close("feedback");
    }

    private void metadata(Metadata metadata) throws IOException {
        open("report_metadata");
        element("org_name", metadata.organization());
        element("email", metadata.email());
        if (!metadata.contact().isEmpty()) {
            element("extra_contact_info", metadata.contact());
        }
        element("report_id", metadata.id());
        open("date_range");
        element("begin", Long.toString(metadata.begin().getEpochSecond()));
        element("end", Long.toString(metadata.end().getEpochSecond()));
        close("date_range");
        for (String error : metadata.errors()) {
            element("error", error);
        }
        close("report_metadata");
    }

    private void published(Published published) throws IOException {
        open("policy_published");
        element("domain", published.domain());
        element("adkim", letter(published.dkim()));
        element("aspf", letter(published.spf()));
        element("p", published.policy().text());
        element("sp", published.subdomains().text());
        element("pct", Integer.toString(published.percent()));
        element("fo", published.options());
        close("policy_published");
    }

    private static String letter(Alignment alignment) {
        return alignment == Alignment.STRICT ? "s" : "r";
    }

    private void record(Row row) throws IOException {
        open("record");
        open("row");
        element("source_ip", plain(row.source()));
        element("count", Long.toString(row.count()));
        open("policy_evaluated");
        element("disposition", row.disposition().text());
        element("dkim", row.dkimAligned() ? "pass" : "fail");
        element("spf", row.spfAligned() ? "pass" : "fail");
        for (AggregateReport.Reason reason : row.reasons()) {
            open("reason");
            element("type", reason.type().text());
            if (!reason.comment().isEmpty()) {
                element("comment", reason.comment());
            }
            close("reason");
        }
        close("policy_evaluated");
        close("row");
        identifiers(row.identifiers());
        results(row);
        close("record");
    }

    private void identifiers(Identifiers identifiers) throws IOException {
        open("identifiers");
        if (!identifiers.envelopeTo().isEmpty()) {
            element("envelope_to", identifiers.envelopeTo());
        }
        element("envelope_from", identifiers.envelopeFrom());
        element("header_from", identifiers.headerFrom());
        close("identifiers");
    }

    private void results(Row row) throws IOException {
        open("auth_results");
        for (Dkim dkim : row.dkim()) {
            open("dkim");
            element("domain", dkim.domain());
            if (!dkim.selector().isEmpty()) {
                element("selector", dkim.selector());
            }
            boolean soft = dkim.result() == AuthResult.SOFTFAIL;
            element("result", (soft ? AuthResult.FAIL : dkim.result()).text());
            if (!dkim.human().isEmpty()) {
                element("human_result", dkim.human());
            }
            close("dkim");
        }
        Identifiers of = row.identifiers();
        String domain = of.envelopeFrom().isEmpty() ? of.headerFrom() : of.envelopeFrom();
        // There is always at least one.
        List<Spf> none = List.of(new Spf(domain, Scope.MFROM, AuthResult.NONE));
        for (Spf spf : row.spf().isEmpty() ? none : row.spf()) {
            open("spf");
            element("domain", spf.domain());
            element("scope", spf.scope() == Scope.HELO ? "helo" : "mfrom");
            boolean policy = spf.result() == AuthResult.POLICY;
            element("result", (policy ? AuthResult.FAIL : spf.result()).text());
            close("spf");
        }
        close("auth_results");
    }

    /** The schema knows IPv6 addresses in eight groups only, as Java writes them. */
    private static String plain(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private void open(String name) throws IOException {
        indent();
        out.write("<" + name + ">\n");
        depth++;
    }

    private void close(String name) throws IOException {
        depth--;
        indent();
        out.write("</" + name + ">\n");
    }

    private void element(String name, String text) throws IOException {
        indent();
        out.write("<" + name + ">");
        escaped(text);
        out.write("</" + name + ">\n");
    }

    private void indent() throws IOException {
        out.write("  ".repeat(depth));
    }

    // XML 1.0, 2.2: Char
    private void escaped(String text) throws IOException {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '<' -> out.write("&lt;");
                case '>' -> out.write("&gt;");
                case '&' -> out.write("&amp;");
                default -> out.write(isChar(c) ? Character.toString(c) : "?");
            }
        }
    }

    private static boolean isChar(int c) {
        return c >= ' ' && c != 0x7f && !(c >= 0xd800 && c < 0xe000) && c != 0xfffe && c != 0xffff;
    }
}
