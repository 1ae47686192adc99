package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.HeaderRewriter.Edit;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.HeaderRewriter.Mapping;
import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Addresses replaced where they stand, and nothing else. */
class HeaderRewriterTest {
    /** ann@old.example and all of away.example get other addresses. */
    private static final Mapping MAPPING = (address, _) -> other(address);

    private static Optional<Address> other(Address address) {
        return switch (address.toWire()) {
            case "ann@old.example", "\"a b\"@old.example" ->
                    Optional.of(Address.parse("anna@new.example"));
            default ->
                    address.host().equals(Domain.parse("away.example"))
                            ? Optional.of(
                                    new Address(address.localPart(), Domain.parse("home.example")))
                            : Optional.empty();
        };
    }

    private static String rewritten(String header) throws IOException {
        return rewritten(header, MAPPING);
    }

    private static String rewritten(String header, Mapping mapping) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        Edits edits = HeaderRewriter.edits(Header.parse(bytes), mapping);
        return new String(edits.applied(bytes), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "From: ann@old.example ~ From: anna@new.example",
                "FROM:ann@old.example ~ FROM:anna@new.example",
                "From : Ann <ann@old.example> ~ From : Ann <anna@new.example>",
                "From: <ann@old.example> ~ From: <anna@new.example>",
                "From: < ann@OLD.example > ~ From: < anna@new.example >",
                "From: \"ann@old.example\" <ann@old.example> ~"
                        + " From: \"ann@old.example\" <anna@new.example>",
                "From: =?utf-8?q?ann=40old.example?= <ann@old.example> ~"
                        + " From: =?utf-8?q?ann=40old.example?= <anna@new.example>",
                "From: Ann (ann@old.example) B <ann@old.example> (x) ~"
                        + " From: Ann (ann@old.example) B <anna@new.example> (x)",
                "From: ann@old.example (Ann, of (old) \\) here) ~"
                        + " From: anna@new.example (Ann, of (old) \\) here)",
                "From: Ann [Sales team] <ann@old.example> ~"
                        + " From: Ann [Sales team] <anna@new.example>",
                "From: (Ann) ann@old.example ~ From: (Ann) anna@new.example",
                "To: \"a b\"@old.example, x ~ To: anna@new.example, x",
                "To: ann @ old . example ~ To: anna@new.example",
                "To: \"ann\"@old.example ~ To: anna@new.example",
                "To: a@x.example,ann@old.example ,, c@away.example ~"
                        + " To: a@x.example,anna@new.example ,, c@home.example",
                "Cc: Team: ann@old.example, B <b@away.example>;, c@away.example ~"
                        + " Cc: Team: anna@new.example, B <b@home.example>;, c@home.example",
                "Cc: Nobody:;, b@away.example ~ Cc: Nobody:;, b@home.example",
                "To: a\\|\\tb <ann@old.example>,|\\tann@old.example ~"
                        + " To: a\\|\\tb <anna@new.example>,|\\tanna@new.example",
                "To: Ann <ann@|\\told.example> ~ To: Ann <anna@new.example>",
                "To: Ann|\\t<ann@old.example>|\\t(x) ~ To: Ann|\\t<anna@new.example>|\\t(x)",
                "Bcc: ann@old.example ~ Bcc: anna@new.example",
                "Resent-Cc: ann@old.example ~ Resent-Cc: anna@new.example",
                "Errors-To: ann@old.example ~ Errors-To: anna@new.example",
                "Mail-Followup-To: ann@old.example ~ Mail-Followup-To: anna@new.example",
                "Reply-To: ann@old.example, ann@old.example ~"
                        + " Reply-To: anna@new.example, anna@new.example",
                "From: b\u00e9 <ann@old.example> ~ From: b\u00e9 <anna@new.example>",
                // What can be read in two ways stays, and all of its field that readers differ in.
                "From: ann@old.example <b@x.example> ~ From: ann@old.example <b@x.example>",
                "From: Ann <ann(x)@old.example> ~ From: Ann <ann(x)@old.example>",
                "From: ann(x)@old.example ~ From: ann(x)@old.example",
                "From: Ann <ann@old.example> more ~ From: Ann <ann@old.example> more",
                "From: <ann@old.example> <b@away.example> ~"
                        + " From: <ann@old.example> <b@away.example>",
                "From: Ann ann@old.example ~ From: Ann ann@old.example",
                "From: Ann <ann@old.example ~ From: Ann <ann@old.example",
                "From: \"Ann <ann@old.example> ~ From: \"Ann <ann@old.example>",
                "From: <@x.example,@y.example:ann@old.example> ~"
                        + " From: <@x.example,@y.example:ann@old.example>",
                "From: ann@old.example@x.example ~ From: ann@old.example@x.example",
                "From: ann ~ From: ann",
                "From: ann@[192.0.2.1] ~ From: ann@[192.0.2.1]",
                // Other fields are not looked at.
                "Subject: ann@old.example ~ Subject: ann@old.example",
                "Return-Path: <ann@old.example> ~ Return-Path: <ann@old.example>",
                "X-From: ann@old.example ~ X-From: ann@old.example",
            })
    void field(String field, String expected) throws IOException {
        String before = "Received: x\r\nTo: y@z.example\r\n";
        String after = "\r\nSubject: s\r\n t\r\n\r\nFrom: ann@old.example\r\n";
        assertThat(rewritten(before + unescaped(field) + after))
                .isEqualTo(before + unescaped(expected) + after);
    }

    /** A bar is a line break, backslash and t a tab. */
    private static String unescaped(String text) {
        return text.replace("\\t", "\t").replace("|", "\r\n");
    }

    @Test
    void sidesAreToldApart() throws IOException {
        String header =
                "From: ann@old.example\r\nReply-To: ann@old.example\r\n"
                        + "To: ann@old.example\r\nResent-Bcc: ann@old.example\r\n\r\n";
        assertThat(
                        rewritten(
                                header,
                                (it, side) -> side == Side.SENDER ? other(it) : Optional.empty()))
                .isEqualTo(
                        "From: anna@new.example\r\nReply-To: anna@new.example\r\n"
                                + "To: ann@old.example\r\nResent-Bcc: ann@old.example\r\n\r\n");
    }

    @Test
    void editsHaveThePlacesOfTheirFields() throws IOException {
        String header = "X: y\r\nFrom: ann@old.example\r\n\r\n";
        Edits edits =
                HeaderRewriter.edits(
                        Header.parse(header.getBytes(StandardCharsets.US_ASCII)), MAPPING);
        assertThat(edits.edits()).hasSize(1);
        Edit edit = edits.edits().getFirst();
        assertThat(edit.from()).isEqualTo(6);
        assertThat(edit.to()).isEqualTo(header.length() - 2L);
        assertThat(edit.bytes()).asString().isEqualTo("From: anna@new.example\r\n");
    }

    @Test
    void noLineBecomesTooLong() throws IOException {
        String header =
                "To: "
                        + IntStream.range(0, 47)
                                .mapToObj(i -> "user" + i + "@old.example")
                                .collect(Collectors.joining(","))
                        + "\r\n\r\n";
        assertThat(header.length()).isBetween(800, 998);
        Domain longer = Domain.parse("a-much-longer-name.new.example");
        String now = rewritten(header, (it, _) -> Optional.of(new Address(it.localPart(), longer)));
        assertThat(now.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(998);
        assertThat(now.replace("\r\n ", ""))
                .isEqualTo(header.replace("old.example", longer.text()));
    }

    @Test
    void noLineBecomesTooLongBehindADisplayName() throws IOException {
        String name = "n".repeat(900) + " " + "m".repeat(68);
        Mapping longer =
                (address, _) ->
                        Optional.of(
                                Address.parse("anna@" + "sub.".repeat(20) + address.host().text()));
        for (String end :
                List.of("<ann@old.example>", "ann@old.example", "<ann@old.example> (x)")) {
            String before = "From: " + (end.startsWith("<") ? name : "(" + name + ")") + " " + end;
            assertThat(before.length()).isLessThan(998);
            String now = rewritten(before + "\r\n\r\n", longer);
            assertThat(now.lines().mapToInt(String::length).max().orElseThrow())
                    .isLessThanOrEqualTo(998);
            assertThat(now.replace("\r\n ", ""))
                    .isEqualTo(before.replace("ann@", "anna@" + "sub.".repeat(20)) + "\r\n\r\n");
        }
    }

    @Test
    void whatIsTooMuchStaysButNeverTheSender() throws IOException {
        String many =
                IntStream.range(0, 5_000)
                        .mapToObj(i -> "user" + i + "@away.example")
                        .collect(Collectors.joining(",\r\n\t"));
        String header = "To: " + many + "\r\nFrom: ann@old.example\r\n\r\n";
        Edits edits =
                HeaderRewriter.edits(
                        Header.parse(header.getBytes(StandardCharsets.US_ASCII)), MAPPING);
        assertThat(edits.leftOut()).containsExactly("To");
        assertThat(edits.edits()).hasSize(1);
        String fields = "Cc: ann@old.example\r\n".repeat(HeaderRewriter.MAX_EDITS + 1) + "\r\n";
        Edits most =
                HeaderRewriter.edits(
                        Header.parse(fields.getBytes(StandardCharsets.US_ASCII)), MAPPING);
        assertThat(most.edits()).hasSize(HeaderRewriter.MAX_EDITS);
    }

    /** Names, comments and odd things stay; what readers find is what was found, mapped. */
    @Test
    void nothingElseChanges() throws IOException {
        List<String> parts =
                List.of(
                        "ann@old.example",
                        "<ann@old.example>",
                        "b@away.example",
                        "B",
                        "\"q, q\"",
                        "(c)",
                        "(c",
                        ",",
                        ", ",
                        ";",
                        "Team:",
                        "<",
                        ">",
                        "\r\n ",
                        "\r\n\t",
                        " ",
                        "@",
                        "\"",
                        "\\",
                        ".",
                        "=?utf-8?q?x?=",
                        "\u00e9",
                        "[",
                        "]",
                        "x@y.example",
                        "<>");
        Random random = new Random(11);
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder("To: ");
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            String header = text + "\r\n\r\nbody ann@old.example";
            String now = rewritten(header);
            assertThat(withoutAddresses(now)).as(header).isEqualTo(withoutAddresses(header));
            assertThat(rewritten(now)).as(header).isEqualTo(now);
            assertThat(rewritten(header, (_, _) -> Optional.empty())).isEqualTo(header);
            List<NamedAddress> before = read(header);
            List<NamedAddress> after = read(now);
            assertThat(after).as(header).hasSameSizeAs(before);
            for (int at = 0; at < after.size(); at++) {
                assertThat(after.get(at)).as(header).isIn(before.get(at), mapped(before.get(at)));
            }
        }
    }

    private static String withoutAddresses(String text) {
        // Around dots and "@" of an address that is replaced there may be white space.
        return text.replaceAll("\\s*([.@])\\s*", "$1")
                .replace("anna@new.example", "ann@old.example")
                .replace("b@home.example", "b@away.example")
                .replace("ann@old.example", "$")
                .replace("b@away.example", "$");
    }

    private static List<NamedAddress> read(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return AddressList.parse(Header.parse(bytes).value("To").orElseThrow()).mailboxes();
    }

    private static NamedAddress mapped(NamedAddress it) {
        Optional<Address> to =
                it.oddities().isEmpty()
                        ? it.address().flatMap(HeaderRewriterTest::other)
                        : Optional.empty();
        return to.map(
                        address ->
                                new NamedAddress(
                                        it.name(),
                                        it.route(),
                                        address.localPart().text(),
                                        address.host().text(),
                                        it.oddities()))
                .orElse(it);
    }
}
