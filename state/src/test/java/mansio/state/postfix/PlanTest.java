package mansio.state.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.state.postfix.PostfixImport.Table;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Each kind of line, and what it asks for. */
class PlanTest {
    private static final Optional<Domain> HOME = Optional.of(Domain.parse("home.example"));

    private static TableLine line(String text) {
        return TableLine.of(List.of(text), 1).getFirst();
    }

    private static String shown(Plan plan) {
        return switch (plan) {
            case Plan.OneAlias it ->
                    it.alias().name() + " -> " + it.alias().targets() + noted(it.notes());
            case Plan.CatchAll it ->
                    "all " + it.domain() + " -> " + it.target() + noted(it.notes());
            case Plan.DomainAlias it -> it.domain() + " = " + it.other();
            case Plan.OwnDomain it -> "own " + it.domain();
            case Plan.OneRoute it -> it.pattern() + " by " + it.target() + noted(it.notes());
            case Plan.OneRewrite it ->
                    it.rule().name() + " -> " + it.rule().target().text() + noted(it.notes());
            case Plan.Dropped it -> "dropped: " + it.reason();
        };
    }

    private static String noted(List<String> notes) {
        return notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "root: ann ~ root@home.example -> [ann@home.example]",
                "root:ann,bob@b.example ~ root@home.example -> [ann@home.example, bob@b.example]",
                "ann: \\ann, ann@b.example ~ dropped: no alias stands beside the account"
                        + " ann@home.example; for copies give the account another name, and make"
                        + " ann@home.example an alias that leads to it and to the others",
                "ann: \\ann ~ dropped: the account ann@home.example has its mail without an alias",
                "\"a b\": ann ~ dropped: a b is no mail address",
                "x: \"|/bin/prog -a, b\" ~ dropped: |/bin/prog -a, b is refused: no program is"
                        + " started for a message",
                "x: |/bin/prog, ann ~ x@home.example -> [ann@home.example] (|/bin/prog is refused:"
                        + " no program is started for a message)",
                "x: /var/mail/x ~ dropped: /var/mail/x is refused: mail is kept in accounts, not"
                        + " in files",
                "x: :include:/etc/x ~ dropped: :include:/etc/x is refused: a list is an alias with"
                        + " its members as targets",
                "x: ~ dropped: there is nothing behind the name",
                "no colon ~ dropped: the line is not name: value, value",
                "x: a@@b ~ dropped: a@@b is no mail address",
            })
    void aliases(String text, String expected) {
        assertThat(shown(new AliasLines(HOME).aliases(line(text)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a@b.example c@d.example e ~ a@b.example -> [c@d.example, e@home.example]",
                "a c@d.example, c@d.example ~ a@home.example -> [c@d.example]",
                "b.example anything ~ own b.example",
                "@b.example x@d.example ~ all b.example -> x@d.example",
                "@b.example x@d.example y ~ *@b.example -> [x@d.example, y@home.example] (the"
                        + " catch-all has several targets and is the alias *@b.example)",
                "@b.example @d.example ~ b.example = d.example",
                "/^in-(.*)@b\\.example$/ $(1)@d.example ~ /(?:in-(.*))/@b.example ->"
                        + " [$1@d.example]",
                "/x@b\\.example$/i y@d.example ~ /.*(?:x)/@b.example -> [y@d.example]",
                "/^in-/ x@d.example ~ dropped: a regular expression is taken over when it is of"
                        + " the form /^local part@example\\.org$/",
                "if /x/ ~ dropped: a regular expression is taken over when it is of the form"
                        + " /^local part@example\\.org$/",
                "a@b.example ~ dropped: there is nothing behind the name",
            })
    void virtual(String text, String expected) {
        assertThat(shown(new AliasLines(HOME).virtual(line(text)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "b.example smtp:[relay.example]:587 ~ b.example by smtp://relay.example:587",
                "b.example relay:[192.0.2.1] ~ b.example by smtp://192.0.2.1:25",
                "b.example smtp:[2001:db8::1]:submission ~ b.example by smtp://[2001:db8::1]:587",
                ".b.example smtp:relay.example ~ .b.example by smtp://relay.example:25 (the host"
                        + " itself, not its MX, as if it stood in brackets)",
                "* smtp: ~ * by direct",
                "b.example : ~ b.example by direct",
                "b.example lmtp:inet:[192.0.2.1]:2424 ~ b.example by lmtp://192.0.2.1:2424",
                "b.example lmtp:unix:/run/lmtp ~ dropped: LMTP goes to a host and a port, not to a"
                        + " socket file",
                "b.example discard: ~ b.example by discard",
                "b.example local: ~ dropped: mail for a domain of this server needs no route",
                "b.example error:5.1.1 gone ~ dropped: a route cannot refuse mail; leave the"
                        + " address out instead",
                "b.example uucp:x ~ dropped: there is no transport uucp here",
                "b.example smtp:[x]:99999 ~ dropped: [x]:99999 is no host with a port",
            })
    void transport(String text, String expected) {
        assertThat(shown(RouteLines.transport(line(text)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a@b.example [r.example]:587 ~ sender:a@b.example by smtp://r.example:587",
                "@b.example smtp:[r.example] ~ sender:b.example by smtp://r.example:25",
                "@b.example DUNNO ~ dropped: DUNNO says nothing",
                "@b.example ~ dropped: the line is not address-or-@domain host",
            })
    void senderRelay(String text, String expected) {
        assertThat(shown(RouteLines.senderRelay(line(text)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "ann@b.example x@d.example ~ canonical rule for ann@b.example (senders only)"
                        + " -> x@d.example",
                "ann x@d.example ~ canonical rule for ann (senders only) -> x@d.example",
                "@b.example @d.example ~ canonical rule for @b.example (senders only)"
                        + " -> @d.example",
                "@b.example x@d.example ~ canonical rule for @b.example (senders only)"
                        + " -> x@d.example",
                "\"a b\"@b.example x@d.example ~ canonical rule for \"a b\"@b.example"
                        + " (senders only) -> x@d.example",
                "ann x ~ canonical rule for ann (senders only) -> x@home.example",
                "ann x y ~ dropped: x y is neither an address nor @domain",
                "ann ~ dropped: there is nothing behind the pattern",
                "a..b x@d.example ~ dropped: a..b is neither an address nor a name nor @domain",
                "/^(.*)@b\\.example$/ ${1}@d.example ~ canonical rule for @b.example (senders only)"
                        + " -> @d.example (a regular expression is the rule for @b.example)",
                "/@b\\.example$/i x@d.example ~ canonical rule for @b.example (senders only) ->"
                        + " x@d.example (a regular expression is the rule for @b.example)",
                "/^ann\\.b@b\\.example$/ x@d.example ~ canonical rule for ann.b@b.example (senders"
                        + " only) -> x@d.example (a regular expression is the rule for"
                        + " ann.b@b.example)",
                "/^(a.*)@b\\.example$/ $1@d.example ~ dropped: a regular expression is taken over"
                        + " when it is of the form /^(.*)@example\\.org$/ or"
                        + " /^name@example\\.org$/",
                "/^(.*)@b\\.example$/ x-$1@d.example ~ dropped: a rule leads to an address or to"
                        + " @domain, not to x-$1@d.example",
            })
    void canonical(String text, String expected) {
        assertThat(shown(RewriteLines.of(Table.SENDER_CANONICAL, HOME).rule(line(text))))
                .isEqualTo(expected);
    }

    @Test
    void aTableThatReliesOnASecondLookUpIsNoted() {
        List<Plan> plans =
                Stream.of(
                                "ann@b.example x@c.example",
                                "@c.example @d.example",
                                "bob@b.example y@b.example",
                                "y@b.example y@b.example",
                                "@d.example @d.example",
                                "cyd@b.example z@other.example")
                        .map(it -> RewriteLines.of(Table.CANONICAL, HOME).rule(line(it)))
                        .toList();
        assertThat(RewriteLines.warned(plans))
                .extracting(it -> ((Plan.OneRewrite) it).notes())
                .containsExactly(
                        List.of(
                                "the rule for @c.example is not applied to what comes of this: name"
                                        + " the last address"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of());
    }

    @Test
    void genericIsForBoth() {
        assertThat(
                        shown(
                                RewriteLines.of(Table.GENERIC, Optional.empty())
                                        .rule(line("ann x@d.example"))))
                .isEqualTo("generic rule for ann -> x@d.example");
        assertThat(shown(RewriteLines.of(Table.GENERIC, Optional.empty()).rule(line("ann x"))))
                .startsWith("dropped: x has no domain; say which");
    }

    @Test
    void linesAreJoinedAsPostfixDoes() {
        assertThat(
                        TableLine.of(
                                List.of(
                                        "# comment",
                                        "",
                                        "a: b,",
                                        "  # within",
                                        "\tc",
                                        "d: e",
                                        "   ",
                                        " f"),
                                11))
                .containsExactly(new TableLine(13, "a: b, c"), new TableLine(16, "d: e f"));
    }

    @Test
    void namesWithoutADomainAreDroppedWithoutOne() {
        assertThat(shown(new AliasLines(Optional.empty()).aliases(line("root: ann"))))
                .startsWith("dropped: the name has no domain");
    }

    @Test
    void anyTextIsALineOrDropped() {
        Random random = new Random(9);
        String alphabet = "ab@.:,\"\\|/ []*$(){}^+\t#1";
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (TableLine line : TableLine.of(List.of(text.toString()), 1)) {
                assertThat(shown(new AliasLines(HOME).aliases(line))).isNotBlank();
                assertThat(shown(new AliasLines(HOME).virtual(line))).isNotBlank();
                assertThat(shown(RouteLines.transport(line))).isNotBlank();
                assertThat(shown(RouteLines.senderRelay(line))).isNotBlank();
                assertThat(shown(RewriteLines.of(Table.GENERIC, HOME).rule(line))).isNotBlank();
            }
        }
    }
}
