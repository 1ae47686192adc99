package mansio.trust.dmarcreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Metadata;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;

class AggregateReportTest {
    private static final String EVIL =
            "<a> & \"b\" ]]> \u0000\u0001\ud800 \u00e4\ud83d\ude00 </record>";

    static byte[] resource(String name) throws IOException {
        try (InputStream in = AggregateReportTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AggregateReport read(byte[] file) {
        return AggregateReader.read(file, ReportLimits.USUAL);
    }

    private static AggregateReport sample(String text) {
        Metadata metadata =
                new Metadata(
                        text,
                        "dmarc@mx.example",
                        text,
                        "id-1",
                        Instant.ofEpochSecond(1_700_000_000),
                        Instant.ofEpochSecond(1_700_086_399),
                        List.of(text));
        Published published =
                new Published(
                        "example.org",
                        Alignment.STRICT,
                        Alignment.RELAXED,
                        Policy.REJECT,
                        Policy.QUARANTINE,
                        Optional.empty(),
                        20,
                        false,
                        "1:d");
        Row full =
                new Row(
                        InetAddress.ofLiteral("192.0.2.1"),
                        12,
                        Policy.QUARANTINE,
                        true,
                        false,
                        List.of(
                                new Reason(ReasonType.TRUSTED_FORWARDER, text),
                                new Reason(ReasonType.SAMPLED_OUT, "")),
                        new Identifiers("mx.example", "bounce.example.org", "example.org"),
                        List.of(
                                new Dkim("example.org", "s1", AuthResult.PASS, ""),
                                new Dkim("list.example", "", AuthResult.PERMERROR, text)),
                        List.of(
                                new Spf("h.example.org", Scope.HELO, AuthResult.NONE),
                                new Spf("bounce.example.org", Scope.MFROM, AuthResult.SOFTFAIL)));
        Row bare =
                new Row(
                        InetAddress.ofLiteral("2001:db8::1"),
                        1,
                        Policy.NONE,
                        false,
                        true,
                        List.of(),
                        new Identifiers("", "", "example.org"),
                        List.of(),
                        List.of(new Spf("h.example.org", Scope.HELO, AuthResult.PASS)));
        return new AggregateReport(metadata, published, List.of(full, bare));
    }

    private static byte[] xml(AggregateReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AggregateWriter.write(report, out);
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        AggregateReport report = sample("plain text, \u00e4 & <b>");
        assertThat(read(xml(report))).isEqualTo(report);
        assertThat(read(AggregateWriter.gzip(report))).isEqualTo(report);
        assertThat(report.messages()).isEqualTo(13);
        assertThat(AggregateWriter.filename(report, "mx.example"))
                .isEqualTo("mx.example!example.org!1700000000!1700086399.xml.gz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", EVIL, ""})
    void whatIsWrittenIsValid(String text) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        StreamSource schema = new StreamSource(new ByteArrayInputStream(resource("rfc7489.xsd")));
        byte[] written = xml(sample(text));
        factory.newSchema(schema)
                .newValidator()
                .validate(new StreamSource(new ByteArrayInputStream(written)));
        AggregateReport again = read(written);
        assertThat(again.rows()).hasSize(2);
        assertThat(again.rows().getFirst().count()).isEqualTo(12);
    }

    @Test
    void aRowWithoutSpfIsValidToo() throws Exception {
        AggregateReport report = sample("x");
        Row row = report.rows().getLast();
        Row without =
                new Row(
                        row.source(),
                        1,
                        Policy.NONE,
                        false,
                        false,
                        List.of(),
                        row.identifiers(),
                        List.of(new Dkim("example.org", "s", AuthResult.SOFTFAIL, "")),
                        List.of());
        AggregateReport changed =
                new AggregateReport(report.metadata(), report.published(), List.of(without));
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        StreamSource schema = new StreamSource(new ByteArrayInputStream(resource("rfc7489.xsd")));
        factory.newSchema(schema)
                .newValidator()
                .validate(new StreamSource(new ByteArrayInputStream(xml(changed))));
        AggregateReport empty =
                new AggregateReport(report.metadata(), report.published(), List.of());
        assertThatThrownBy(() -> xml(empty)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Reports of other makers: reporter, identifier, domain, rows, messages. */
    @ParameterizedTest
    @CsvSource({
        "001.xml, Sample Reporter, 3v98abbp8ya9n3va8yr8oa3ya, example.com, 1, 123",
        "002.xml, google.com, 2122885654478337555, example.org, 1, 2",
        "003.xml, Fastmail Pty Ltd, 758848224, stalw.art, 4, 9",
        "004.xml, Sample Reporter, 3v98abbp8ya9n3va8yr8oa3ya, example.com, 1, 123",
        "005.xml, Legacy Reporter, legacy-1, example.com, 1, 1",
        "100.eml, google.com, 5264580628977113351, stalw.art, 1, 1",
        "101.eml, '\"backschues.NET', stalw.art.1667948400.1668034800, stalw.art, 1, 1",
        "102.eml, Mail.Ru, 28551467700969547611667865600, stalw.art, 1, 1",
        "103.eml, Outlook.com, 725cbfbe133940149987cfc528387235, stalw.art, 1, 1",
        "104.eml, AMAZON-SES, 6b06c366-0631-4ca0-8337-f5aecf137918, stalw.art, 1, 1",
    })
    void reportsOfOthersAreRead(
            String file, String reporter, String id, String domain, int rows, long messages)
            throws IOException {
        byte[] content = resource("dmarc-feedback/" + file);
        AggregateReport report =
                file.endsWith(".xml")
                        ? read(content)
                        : ((ReportMail.Content.Aggregate)
                                        ReportMail.read(content, ReportLimits.USUAL))
                                .report();
        assertThat(report.metadata().organization()).isEqualTo(reporter);
        assertThat(report.metadata().id()).isEqualTo(id);
        assertThat(report.published().domain()).isEqualTo(domain);
        assertThat(report.rows()).hasSize(rows);
        assertThat(report.messages()).isEqualTo(messages);
        assertThat(report.rows()).allMatch(row -> !row.identifiers().headerFrom().isEmpty());
        assertThat(report.metadata().begin()).isBefore(report.metadata().end());
    }

    @Test
    void newAndOldFormsSayTheSame() throws IOException {
        AggregateReport fresh = read(resource("dmarc-feedback/004.xml"));
        assertThat(fresh.published().nonExistent()).contains(Policy.NONE);
        assertThat(fresh.rows().getFirst().disposition()).isEqualTo(Policy.NONE);
        assertThat(fresh.rows().getFirst().dkim().getFirst().selector()).isEqualTo("abc123");
        assertThat(fresh.rows().getFirst().passed()).isTrue();
        AggregateReport old = read(resource("dmarc-feedback/005.xml"));
        assertThat(old.rows().getFirst().reasons())
                .containsExactly(new Reason(ReasonType.SAMPLED_OUT, "legacy sampling"));
        assertThat(old.rows().getFirst().spf())
                .containsExactly(new Spf("example.com", Scope.HELO, AuthResult.PASS));
    }

    private static final String SMALL =
            "<feedback><policy_published><domain>A.example</domain><p>reject</p>"
                    + "</policy_published>ROW</feedback>";

    @Test
    void oddReportsAreRead() {
        String odd =
                SMALL.replace(
                        "ROW",
                        "<record><row><source_ip>192.0.2.300</source_ip></row></record>"
                            + "<record><row><source_ip>[192.0.2.1]</source_ip></row></record><x:record"
                            + " xmlns:x='urn:x'><x:row><x:source_ip> 192.0.2.3 </x:source_ip>"
                            + "<x:count>many</x:count><policy_evaluated><disposition>REJECT"
                            + "</disposition><dkim>Pass</dkim></policy_evaluated></x:row>"
                            + "<identities><header_from>B.example</header_from></identities>"
                            + "<auth_results><spf><domain>c</domain><result>hardfail</result></spf>"
                            + "<spf><domain>d</domain><result>unknown</result><scope>HELO</scope>"
                            + "</spf><dkim/></auth_results></x:record>");
        AggregateReport report = read(bytes("\r\n  " + odd));
        assertThat(report.published().domain()).isEqualTo("a.example");
        assertThat(report.published().subdomains()).isEqualTo(Policy.REJECT);
        assertThat(report.rows()).hasSize(1);
        Row row = report.rows().getFirst();
        assertThat(row.count()).isEqualTo(1);
        assertThat(row.disposition()).isEqualTo(Policy.REJECT);
        assertThat(row.dkimAligned()).isTrue();
        assertThat(row.identifiers().headerFrom()).isEqualTo("b.example");
        assertThat(row.spf())
                .extracting(Spf::result)
                .containsExactly(AuthResult.FAIL, AuthResult.TEMPERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8, UTF-8",
        "UTF-8, ISO-8859-1",
        "ISO-8859-1, ISO-8859-1",
        "windows-1252, windows-1252",
        "UTF-16, UTF-16",
        "nonsense, UTF-8",
    })
    void theCharsetIsThatOfTheDeclaration(String declared, String real) throws IOException {
        String xml =
                "<?xml version='1.0' encoding='"
                        + declared
                        + "'?>"
                        + SMALL.replace(
                                "ROW",
                                "<report_metadata><org_name>J\u00fcrgen</org_name></report_metadata>");
        AggregateReport report = read(xml.getBytes(real));
        boolean wrong = declared.equals("UTF-8") && !real.equals(declared);
        assertThat(report.metadata().organization())
                .isEqualTo(wrong ? "J\ufffdrgen" : "J\u00fcrgen");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<",
                "<feedback>",
                "<feedback/>",
                "<html><policy_published><domain>a</domain></policy_published></html>",
                "<feedback><policy_published><domain>a</domain></policy_published>",
                "<!DOCTYPE feedback><feedback><policy_published><domain>a</domain>"
                        + "</policy_published></feedback>",
                "<!DOCTYPE f [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><feedback>"
                        + "<policy_published><domain>&x;</domain></policy_published></feedback>",
                "<!DOCTYPE f SYSTEM 'http://127.0.0.1:1/x.dtd'><feedback><policy_published>"
                        + "<domain>a</domain></policy_published></feedback>",
                "<!DOCTYPE f [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;'>]><feedback>"
                        + "<policy_published><domain>&b;</domain></policy_published></feedback>",
                "<feedback><policy_published><domain>&x;</domain></policy_published></feedback>",
                "PK\u0003\u0004",
                "\u001f\u008b",
            })
    void whatIsNoReportIsRefused(String text) {
        byte[] file = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(file)).isInstanceOf(SyntaxException.class);
        assertThat(AggregateReader.tryRead(file, ReportLimits.USUAL)).isEmpty();
    }

    @Test
    void depthTextAndRecordsAreLimited() {
        String deep = "<a>".repeat(40) + "</a>".repeat(40);
        assertThatThrownBy(() -> read(bytes(SMALL.replace("ROW", deep))))
                .hasMessageContaining("deep");
        String big = "<record><x>" + "y".repeat(20_000) + "</x></record>";
        assertThatThrownBy(() -> read(bytes(SMALL.replace("ROW", big))))
                .hasMessageContaining("long");
        String many = "<record/>".repeat(11);
        ReportLimits few = new ReportLimits(1 << 20, 100, 10);
        byte[] file = bytes(SMALL.replace("ROW", many));
        assertThatThrownBy(() -> AggregateReader.read(file, few)).hasMessageContaining("records");
        assertThat(read(file).rows()).isEmpty();
        byte[] blank = bytes(SMALL.replace("ROW", " ".repeat(5000)));
        ReportLimits tiny = new ReportLimits(4000, 100, 10);
        assertThatThrownBy(() -> AggregateReader.read(blank, tiny))
                .isInstanceOf(SyntaxException.class);
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.putNextEntry(new ZipEntry("second.xml"));
            zip.write(bytes("<nothing/>"));
        }
        return out.toByteArray();
    }

    @Test
    void ofAZipTheFirstFileCounts() throws IOException {
        byte[] report = xml(sample("x"));
        assertThat(read(zip("../../etc/report.xml", report)).rows()).hasSize(2);
        assertThatThrownBy(() -> read(zip("dir/", new byte[0])))
                .isInstanceOf(SyntaxException.class);
    }

    @Test
    void bombsDoNotGoOff() throws IOException {
        byte[] filler = new byte[1 << 20];
        Arrays.fill(filler, (byte) ' ');
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
            out.write(bytes("<feedback><!--"));
            for (int i = 0; i < 100; i++) {
                out.write(filler);
            }
        }
        assertThat(gz.size()).isLessThan(200_000);
        assertThatThrownBy(() -> read(gz.toByteArray())).isInstanceOf(SyntaxException.class);
        byte[] four = Arrays.copyOf(bytes("<feedback><!--"), 4 << 20);
        Arrays.fill(four, 14, four.length, (byte) ' ');
        byte[] end = bytes(SMALL.replace("<feedback>", "-->").replace("ROW", ""));
        System.arraycopy(end, 0, four, four.length - end.length, end.length);
        assertThat(read(four).rows()).isEmpty();
        // As large as is allowed, and packed as no honest report is.
        byte[] packed = zip("r.xml", four);
        assertThatThrownBy(() -> read(packed)).isInstanceOf(SyntaxException.class);
        ReportLimits loose = new ReportLimits(10 << 20, 2000, 10);
        assertThat(AggregateReader.read(packed, loose).rows()).isEmpty();
    }

    /** For each of these the JDK would go one call deeper, until the thread has no stack left. */
    @Test
    void emptyMembersWithoutEndDoNoHarm() throws IOException {
        byte[] report = xml(sample("x"));
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        byte[] empty = gzip(new byte[0]);
        for (int i = 0; i < 200_000; i++) {
            many.writeBytes(empty);
        }
        byte[] file = many.toByteArray();
        assertThatThrownBy(() -> read(file)).isInstanceOf(SyntaxException.class);
        // Some in a row are met where a file is put together of parts.
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(empty);
        parts.writeBytes(empty);
        parts.writeBytes(gzip(Arrays.copyOf(report, 100)));
        parts.writeBytes(gzip(Arrays.copyOfRange(report, 100, report.length)));
        assertThat(read(parts.toByteArray()).rows()).hasSize(2);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
            zipped.write(content);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<aN/>", "<a aN=''/>", "<a xmlns:aN='u'/>", "<?aN?>"})
    void namesWithoutEndAreRefused(String element) {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            many.append(element.replace("N", Integer.toString(i)));
        }
        String head = "<report_metadata>" + many + "</report_metadata>";
        assertThatThrownBy(() -> read(bytes(SMALL.replace("ROW", head))))
                .isInstanceOf(SyntaxException.class)
                .hasMessageContaining("too many");
    }

    @Test
    void damagedReportsAreReadOrRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(Seeds.first(13));
        byte[][] files = {
            xml(sample("x")),
            AggregateWriter.gzip(sample("x")),
            zip("a.xml", xml(sample("x"))),
            resource("dmarc-feedback/003.xml")
        };
        for (int round = 0; round < Seeds.count(3_000); round++) {
            byte[] file = files[random.nextInt(files.length)].clone();
            for (int i = random.nextInt(6); i > 0; i--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            int end = random.nextInt(3) == 0 ? random.nextInt(file.length) : file.length;
            AggregateReader.tryRead(Arrays.copyOf(file, end), ReportLimits.USUAL);
        }
    }
}
