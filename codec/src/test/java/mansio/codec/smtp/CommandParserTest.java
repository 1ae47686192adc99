package mansio.codec.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class CommandParserTest {
    private static Command parse(String line) {
        return CommandParser.parse(line.getBytes(StandardCharsets.UTF_8), Strictness.TOLERANT);
    }

    private static Command parseStrictly(String line) {
        return CommandParser.parse(line.getBytes(StandardCharsets.UTF_8), Strictness.STRICT);
    }

    private static Command.Mail mail(String line) {
        assertThat(parse(line)).as(line).isInstanceOf(Command.Mail.class);
        return (Command.Mail) parse(line);
    }

    private static void assertFault(String line, Command.Fault fault) {
        assertThat(parse(line))
                .as(line)
                .isInstanceOfSatisfying(
                        Command.Malformed.class, it -> assertThat(it.fault()).isEqualTo(fault));
    }

    // RFC 5321 appendix D, and what comes back when printed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO bar.com",
                "EHLO [192.0.2.1]",
                "EHLO [IPv6:2001:db8::1]",
                "HELO bar.com",
                "LHLO foo.edu",
                "MAIL FROM:<Smith@bar.com>",
                "MAIL FROM:<>",
                "MAIL FROM:<\"Joe Smith\"@bar.com>",
                "MAIL FROM:<a@[192.0.2.1]> SIZE=1000",
                "MAIL FROM:<ned@ymir.claremont.edu> BODY=8BITMIME",
                "MAIL FROM:<ned@ymir.claremont.edu> SIZE=500000 BODY=7BIT",
                "MAIL FROM:<j\u00fcrgen@bar.com> SIZE=7 BODY=8BITMIME SMTPUTF8",
                "MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com",
                "MAIL FROM:<john+@example.org> AUTH=<>",
                "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159",
                "RCPT TO:<Jones@foo.com>",
                "RCPT TO:<Postmaster>",
                "RCPT TO:<postmaster@foo.com>",
                "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob@Example.COM",
                "RCPT TO:<Dana@Ivory.EDU> NOTIFY=NEVER",
                "DATA",
                "BDAT 86 LAST",
                "BDAT 0",
                "RSET",
                "NOOP",
                "QUIT",
                "VRFY Crispin",
                "EXPN Example-People",
                "HELP",
                "HELP MAIL",
                "STARTTLS",
                "AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=",
                "AUTH SCRAM-SHA-256-PLUS",
                "AUTH EXTERNAL ="
            })
    void printsWhatItParses(String line) {
        Command command = parseStrictly(line);
        // Domains are lower case inside.
        assertThat(CommandPrinter.print(command)).isEqualToIgnoringCase(line);
        assertThat(CommandPrinter.print(parse(CommandPrinter.print(command))))
                .isEqualTo(CommandPrinter.print(command));
    }

    @Test
    void verbsAndKeywordsInAnyCase() {
        assertThat(parse("ehlo Bar.COM")).isEqualTo(new Command.Ehlo("Bar.COM"));
        assertThat(parse("mail from:<a@b.c> body=8bitmime size=3"))
                .isEqualTo(
                        new Command.Mail(
                                Optional.of(Address.parse("a@b.c")),
                                new MailParameters(
                                        OptionalLong.of(3),
                                        MailParameters.Body.EIGHT_BIT_MIME,
                                        false,
                                        Optional.empty(),
                                        MailParameters.Dsn.NONE)));
        assertThat(parse("rcpt to:<POSTMASTER>"))
                .isEqualTo(new Command.Rcpt(new ForwardPath.Postmaster(), RcptParameters.NONE));
        assertThat(parse("bdat 5 last")).isEqualTo(new Command.Bdat(5, true));
    }

    // RFC 5321 appendix C: source routes are accepted and dropped.
    @Test
    void sourceRoutesAreDropped() {
        assertThat(parse("RCPT TO:<@hosta.int,@jkl.org:userc@d.bar.org>"))
                .isEqualTo(
                        new Command.Rcpt(
                                new ForwardPath.To(Address.parse("userc@d.bar.org")),
                                RcptParameters.NONE));
        assertThat(mail("MAIL FROM:<@a.b:c@d.e>").reversePath()).contains(Address.parse("c@d.e"));
    }

    @Test
    void quotedLocalPartsAreDecoded() {
        assertThat(parse("RCPT TO:<\"a\\\"b > c\"@d.e> NOTIFY=NEVER"))
                .isInstanceOfSatisfying(
                        Command.Rcpt.class,
                        it -> {
                            ForwardPath.To to = (ForwardPath.To) it.forwardPath();
                            assertThat(to.address().localPart().text()).isEqualTo("a\"b > c");
                            assertThat(it.parameters().notifications()).contains(Set.of());
                        });
    }

    @Test
    void xtextIsDecoded() {
        assertThat(mail("MAIL FROM:<> AUTH=e+3Dmc2@example.com").parameters().auth())
                .contains(new MailParameters.Auth(Optional.of(Address.parse("e=mc2@example.com"))));
        assertThat(mail("MAIL FROM:<> ENVID=a+2Bb").parameters().dsn().envid()).contains("a+b");
    }

    @Test
    void hugeSizesSaturate() {
        assertThat(mail("MAIL FROM:<> SIZE=99999999999999999999").parameters().size())
                .hasValue(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM: <a@b.c>",
                "RCPT TO: <a@b.c>",
                "DATA  ",
                "QUIT ",
                "EHLO bad_name.example.",
                "EHLO [1.2.3]",
                "EHLO bar.com "
            })
    void toleratedUnlessStrict(String line) {
        assertThat(parse(line)).isNotInstanceOf(Command.Malformed.class);
        assertThat(parseStrictly(line)).isInstanceOf(Command.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:",
                "MAIL FROM:a@b.c",
                "MAIL FROM:<a>",
                "MAIL FROM:<a@>",
                "MAIL FROM:<@b.c>",
                "MAIL FROM:<a@b@c>",
                "MAIL FROM:<a b@c>",
                "MAIL FROM:<a@b.c",
                "MAIL FROM:<\"a@b.c>",
                "MAIL FROM:<a@[1.2.3]>",
                "MAIL FROM:<a@[IPv6:::1%lo]>",
                "MAIL FROM:<a..b@c.d>",
                "MAIL FROM:<.a@c.d>",
                "MAIL FROM:<a@-b.c>",
                "MAIL FROM:<<>>"
            })
    void wrongReversePaths(String line) {
        assertFault(line, Command.Fault.REVERSE_PATH);
    }

    // ATTACKS row 15: what is not even an address.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RCPT TO:<>",
                "RCPT TO:<\"victim@far.example\">",
                "RCPT TO:<\"victim%far.example\">",
                "RCPT TO:<victim@far.example@local.test>",
                "RCPT TO:<far.example!victim>",
                "RCPT TO:<victim@far.example@[127.0.0.1]>",
                "RCPT TO:<Postmaster> <a@b.c>",
                "RCPT TO:victim@far.example"
            })
    void wrongForwardPaths(String line) {
        assertThat(parse(line)).isInstanceOf(Command.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO",
                "EHLO ",
                "EHLO a b",
                "EHLO (x)",
                "EHLO \"x\"",
                "MAIL",
                "MAIL FROM<a@b.c>",
                "MAIL TO:<a@b.c>",
                "MAIL FROM:<a@b.c>x",
                "MAIL FROM:<a@b.c>SIZE=3",
                "MAIL FROM:<a@b.c> SIZE",
                "MAIL FROM:<a@b.c> SIZE=",
                "MAIL FROM:<a@b.c> SIZE=-1",
                "MAIL FROM:<a@b.c> SIZE=1 SIZE=2",
                "MAIL FROM:<a@b.c> SIZE=111111111111111111111",
                "MAIL FROM:<a@b.c> BODY=9BIT",
                "MAIL FROM:<a@b.c> BODY=BINARYMIME",
                "MAIL FROM:<a@b.c> SMTPUTF8=yes",
                "MAIL FROM:<a@b.c> AUTH=x",
                "MAIL FROM:<a@b.c> AUTH=+0D+0A",
                "MAIL FROM:<a@b.c> ENVID=a+0Ab",
                "MAIL FROM:<a@b.c> ENVID=a+4",
                "RCPT TO:<a@b.c> NOTIFY=NEVER,SUCCESS",
                "RCPT TO:<a@b.c> NOTIFY=",
                "RCPT TO:<a@b.c> ORCPT=rfc822",
                "RCPT TO:<a@b.c> ORCPT=;x",
                "RCPT TO:<a@b.c> ORCPT=rfc822;a+00b",
                "DATA x",
                "RSET x",
                "QUIT x",
                "STARTTLS x",
                "VRFY",
                "AUTH",
                "AUTH PLAIN !!!!",
                "AUTH PLAIN abc",
                "AUTH PLAIN abcd efgh",
                "NOOP\u0007",
                "NOOP a\0b",
                "MAIL FROM:<a\rb@c.d>",
                "EHLO a\tb"
            })
    void wrongArguments(String line) {
        assertFault(line, Command.Fault.ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT",
                "BDAT x",
                "BDAT -1",
                "BDAT 1 FIRST",
                "bdat 99999999999999999999",
                "BDAT 1\0"
            })
    void chunksOfUnknownLength(String line) {
        assertFault(line, Command.Fault.CHUNK);
    }

    @Test
    void brokenUtf8IsMalformed() {
        byte[] line = {'N', 'O', 'O', 'P', ' ', (byte) 0xc3};
        assertThat(CommandParser.parse(line, Strictness.TOLERANT))
                .isInstanceOf(Command.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL FROM:<a@b.c> MT-PRIORITY=3",
        "MAIL FROM:<a@b.c> REQUIRETLS",
        "RCPT TO:<a@b.c> SIZE=3",
        "RCPT TO:<a@b.c> RRVS=2014-04-03T23:01:00Z"
    })
    void unknownParameters(String line) {
        assertFault(line, Command.Fault.UNKNOWN_PARAMETER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "TURN", "SEND FROM:<a@b.c>", "GET / HTTP/1.1", "EHLOx", "\u00e4"})
    void unknownVerbs(String line) {
        assertThat(parse(line)).isEqualTo(new Command.Unknown());
    }

    @Test
    void passwordsStayOutOfLogs() {
        assertThat(parse("AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=").toString()).doesNotContain("[B");
    }

    @Test
    void fuzz() {
        long seed = Seeds.first(System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        List<String> pieces =
                List.of(
                        "MAIL FROM:",
                        "RCPT TO:",
                        "<",
                        ">",
                        "@",
                        "a",
                        "b.c",
                        "\"",
                        "\\",
                        "[",
                        "]",
                        "IPv6:",
                        "::1",
                        " ",
                        "SIZE=",
                        "1",
                        "BODY=",
                        "8BITMIME",
                        "AUTH=",
                        "+3D",
                        "+",
                        "ORCPT=rfc822;",
                        "NOTIFY=",
                        "NEVER",
                        ",",
                        "EHLO ",
                        "AUTH ",
                        "BDAT ",
                        "\r",
                        "\u00e4",
                        ":",
                        "%",
                        "postmaster",
                        "\0",
                        "xn--",
                        "=");
        for (int i = 0; i < Seeds.count(50_000); i++) {
            StringBuilder line = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                line.append(pieces.get(random.nextInt(pieces.size())));
            }
            for (Strictness strictness : Strictness.values()) {
                Command command =
                        CommandParser.parse(
                                line.toString().getBytes(StandardCharsets.UTF_8), strictness);
                switch (command) {
                    case Command.Unknown _ -> {}
                    case Command.Malformed malformed ->
                            assertThat(malformed.message()).as("seed %d", seed).matches("[ -~]+");
                    default -> {
                        String printed = CommandPrinter.print(command);
                        assertThat(CommandPrinter.print(parse(printed)))
                                .as("seed %d: %s", seed, line)
                                .isEqualTo(printed);
                    }
                }
            }
        }
    }
}
