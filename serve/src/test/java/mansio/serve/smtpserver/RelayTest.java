package mansio.serve.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/**
 * The forms by which relays were found open (ATTACKS row 15). Nobody relays through us who is not
 * known; foo.com is ours, far.example is not, 192.0.2.25 is our address.
 */
class RelayTest {
    private final Sessions mx = new Sessions(Flavour.MX);

    /** The reply to RCPT. */
    private static String reply(Sessions sessions, String from, String to) throws IOException {
        return sessions.serve(
                        "EHLO relay-test.example\r\nMAIL FROM:"
                                + from
                                + "\r\nRCPT TO:"
                                + to
                                + "\r\n")
                .lines()
                .getLast();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "<a@third.example>,               <victim@far.example>,              554 5.7.1",
                "<a@localhost>,                   <victim@far.example>,              554 5.7.1",
                "<>,                              <victim@far.example>,              554 5.7.1",
                "<smith@foo.com>,                 <victim@far.example>,              554 5.7.1",
                "<smith@[192.0.2.25]>,            <victim@far.example>,              554 5.7.1",
                "<a@third.example>,               <victim%far.example@foo.com>,      550 5.1.1",
                "<a@third.example>,               <victim%far.example@[192.0.2.25]>, 554 5.7.1",
                "<a@third.example>,               <\"victim@far.example\">,          501 5.1.3",
                "<a@third.example>,               <\"victim%far.example\">,          501 5.1.3",
                "<a@third.example>,               <victim@far.example@foo.com>,      501 5.1.3",
                "<a@third.example>,               <\"victim@far.example\"@foo.com>,  550 5.1.1",
                "<a@third.example>,               <\"victim@far.example\"@[192.0.2.25]>, 554 5.7.1",
                "<a@third.example>,               <@foo.com:victim@far.example>,     554 5.7.1",
                "<a@third.example>,               <@[192.0.2.25]:victim@far.example>, 554 5.7.1",
                "<a@third.example>,               <far.example!victim>,              501 5.1.3",
                "<a@third.example>,               <far.example!victim@foo.com>,      550 5.1.1",
                "<a@third.example>,               <far.example!victim@[192.0.2.25]>, 554 5.7.1",
                "<a@third.example>,               <victim@far.example@[192.0.2.25]>, 501 5.1.3",
                "<a@third.example>,               <@foo.com@far.example:victim@far.example>, 501"
                        + " 5.1.3",
                "<a@third.example>,               <victim@[127.0.0.1]>,              554 5.7.1",
                "<a@third.example>,               <victim@[IPv6:::ffff:127.0.0.1]>,  554 5.7.1",
                "<a@third.example>,               <victim@localhost>,                554 5.7.1",
                "<a@third.example>,               <victim@foo.com.far.example>,      554 5.7.1",
                "<a@third.example>,               <victim@far.example.>,             501 5.1.3"
            })
    void refused(String from, String to, String code) throws IOException {
        assertThat(reply(mx, from, to)).startsWith(code);
        assertThat(mx.rooms.accepted).isEmpty();
    }

    @Test
    void aBounceThatIsNotOursIsRefused() throws IOException {
        mx.rooms.inbound.enforcesTags = true;
        assertThat(reply(mx, "<>", "<smith@foo.com>"))
                .isEqualTo(
                        "550 5.7.1 All mail of this address leaves with a signed sender (BATV):"
                                + " what is returned to it unsigned is not mail of ours");
        assertThat(reply(mx, "<a@third.example>", "<smith@foo.com>")).startsWith("250");
        assertThat(reply(mx, "<>", "<jones@foo.com>")).startsWith("250");
    }

    @Test
    void aSenderWithoutDomainIsNoSender() throws IOException {
        assertThat(reply(mx, "<smith>", "<victim@far.example>")).startsWith("503 5.5.1");
    }

    // Some other server's privileges are not to be had by asking.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "XCLIENT ADDR=127.0.0.1",
                "XFORWARD ADDR=127.0.0.1",
                "PROXY TCP4 127.0.0.1 127.0.0.1 1 25",
                "AUTH PLAIN AHNtaXRoQGZvby5jb20AcGVuY2ls"
            })
    void privilegesAreNotGiven(String command) throws IOException {
        assertThat(
                        mx.serve(
                                        "EHLO x.example\r\n"
                                                + command
                                                + "\r\n"
                                                + "MAIL FROM:<>\r\n"
                                                + "RCPT TO:<victim@far.example>\r\n")
                                .lines())
                .endsWith("250 2.1.0 Sender ok", "554 5.7.1 Relaying denied");
    }

    @Test
    void submissionWithoutLogInIsRefused() throws IOException {
        Sessions submission = new Sessions(Flavour.SUBMISSION);
        assertThat(
                        submission
                                .serve(
                                        new ScriptedConnection()
                                                .underTls()
                                                .sends("EHLO x\r\nMAIL FROM:<smith@foo.com>\r\n"))
                                .lines())
                .endsWith("530 5.7.0 Authentication required");
        assertThat(submission.serve("EHLO x\r\nMAIL FROM:<smith@foo.com>\r\n").lines())
                .endsWith("530 5.7.0 Say STARTTLS first");
    }

    // ::ffff:127.0.0.1 is loopback, 198.51.100.7 is not, whatever it calls itself.
    @Test
    void onlyTheAddressMakesTrusted() throws IOException {
        Sessions local = new Sessions(Flavour.MX).local();
        assertThat(
                        local.serve(
                                        "EHLO [127.0.0.1]\r\nMAIL FROM:<>\r\n"
                                                + "RCPT TO:<victim@far.example>\r\n")
                                .lines())
                .endsWith("554 5.7.1 Relaying denied");
    }

    @Test
    void lmtpTakesLocalRecipientsOnly() throws IOException {
        Sessions lmtp = new Sessions(Flavour.LMTP).local();
        ScriptedConnection connection =
                lmtp.serve(
                        new ScriptedConnection()
                                .from("127.0.0.1")
                                .sends(
                                        "LHLO x\r\nMAIL FROM:<>\r\n"
                                                + "RCPT TO:<victim@far.example>\r\n"));
        assertThat(connection.lines())
                .endsWith("550 5.1.2 LMTP takes only recipients of this server");
    }
}
