package mansio.serve.smtpserver;

import static mansio.serve.smtpserver.Sessions.EHLO;
import static mansio.serve.smtpserver.Sessions.MAIL;
import static mansio.serve.smtpserver.Sessions.RCPT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;
import mansio.net.listen.ConnectionEnding;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Refusal;
import mansio.state.directory.Route;
import mansio.state.queue.Envelope;
import mansio.state.store.AccountId;
import mansio.state.store.LowSpaceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sessions byte by byte: what dialogue files cannot say. */
class SmtpSessionTest {
    private final Sessions mx = new Sessions(Flavour.MX);

    private static String last(ScriptedConnection connection) {
        return connection.lines().getLast();
    }

    @Test
    void receivesAMessage() throws IOException {
        ScriptedConnection connection =
                mx.serve(
                        EHLO, MAIL, RCPT, "DATA\r\n", "Subject: x\r\n\r\n..y\r\n.\r\n", "QUIT\r\n");

        assertThat(connection.lines())
                .endsWith("250 2.0.0 Ok, queued as 0000000000001", "221 2.0.0 Bye");
        FakeRooms.Message message = mx.rooms.accepted.getFirst();
        assertThat(message.content()).isEqualTo("Subject: x\r\n\r\n.y\r\n");
        assertThat(message.transaction().origin()).isEqualTo(new Origin.Outside());
        assertThat(message.transaction().envelope())
                .isEqualTo(
                        new Envelope(
                                Optional.of(Address.parse("Smith@bar.com")),
                                Envelope.Body.EIGHT_BIT_MIME,
                                false,
                                new Envelope.Source(
                                        "198.51.100.7",
                                        "bar.com",
                                        "ESMTP",
                                        Optional.empty(),
                                        "7f3a1c")));
    }

    // RFC 2920: a pipelined group is answered in one piece.
    @Test
    void pipelinedCommandsAreAnsweredTogether() throws IOException {
        ScriptedConnection connection =
                mx.serve(
                        EHLO, MAIL + RCPT + "RCPT TO:<x@foo.com>\r\nDATA\r\n", "\r\n.\r\nQUIT\r\n");

        // Greeting, EHLO, the group up to 354, the rest.
        assertThat(connection.flushes).hasSize(4);
        assertThat(connection.said())
                .contains(
                        "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n"
                                + "550 5.1.1 No such user here\r\n354 ");
        assertThat(mx.rooms.accepted).hasSize(1);
    }

    @Test
    void allInOnePacketOrByteByByte() throws IOException {
        String all = EHLO + MAIL + RCPT + "DATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n";
        ScriptedConnection whole = mx.serve(all);
        Sessions other = new Sessions(Flavour.MX);
        ScriptedConnection bytes = other.serve(all.split(""));

        assertThat(bytes.said()).isEqualTo(whole.said());
        assertThat(mx.rooms.accepted).hasSize(1);
        assertThat(other.rooms.accepted.getFirst().content()).isEqualTo("Subject: x\r\n\r\n");
    }

    // ATTACKS row 1: one message at most, and the smuggled commands are never obeyed.
    static Stream<String> falseEnds() {
        return Stream.of(
                "\n.\n",
                "\n.\r\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\n",
                "\r\n.\r",
                "\r.\n",
                "\n.\r",
                "\n\n.\n\n",
                "\n\n.\r\n",
                "\r\r.\r\r",
                "\r\n\0.\r\n\n",
                "\r\n.\0\r\n\n",
                "\r\n.\r\r\n",
                "\r\n\r.\r\n",
                "\r\n\n.\r\n",
                "\r\n.\n\r\n",
                "\n\r.\n\r",
                "\r\0\n.\r\n",
                "\r\n.\r\0\n",
                "\r\n..\n",
                "\r\n..\r.\r\n",
                "\r\r\n..\r\n",
                "\u0085.\u0085\n",
                "\u000b.\u000b\r");
    }

    @ParameterizedTest
    @MethodSource("falseEnds")
    void nothingIsSmuggled(String falseEnd) throws IOException {
        String evil = "MAIL FROM:<admin@foo.com>\r\nRCPT TO:<jones@foo.com>\r\nDATA\r\nevil";
        ScriptedConnection connection =
                mx.serve(EHLO + MAIL + RCPT + "DATA\r\nx" + falseEnd + evil + "\r\n.\r\nQUIT\r\n");

        assertThat(connection.lines())
                .endsWith(
                        "354 Send the message, end with a dot on a line by itself",
                        "550 5.5.2 The message has a CR or LF that is not part of a CRLF",
                        "221 2.0.0 Bye");
        assertThat(mx.rooms.accepted).isEmpty();
        assertThat(mx.rooms.thrownAway).isEqualTo(1);
    }

    @Test
    void bareLineFeedsAreNoCommands() throws IOException {
        ScriptedConnection connection = mx.serve("EHLO bar.com\nMAIL FROM:<a@b.c>\r\nQUIT\r\n");

        assertThat(connection.lines())
                .containsExactly(
                        "220 foo.com ESMTP Mansio",
                        "500 5.5.2 Lines end with CR LF",
                        "503 5.5.1 Say EHLO first",
                        "221 2.0.0 Bye");
    }

    // ATTACKS row 2
    @Test
    void whatComesWithStartTlsIsDiscarded() throws IOException {
        ScriptedConnection connection =
                mx.serve(
                        EHLO,
                        "VRFY a.long.name@foo.com\r\n"
                                + "STARTTLS\r\n"
                                + "EHLO evil.example\r\n"
                                + "MAIL FROM:<>\r\n",
                        RCPT,
                        "QUIT\r\n");

        assertThat(connection.lines())
                .endsWith(
                        "220 2.0.0 Ready to start TLS",
                        "503 5.5.1 Say MAIL first",
                        "221 2.0.0 Bye");
    }

    // What was not even read ahead is no handshake.
    @Test
    void whatStillComesBeforeTheHandshakeEndsTheSession() {
        ScriptedConnection connection =
                new ScriptedConnection()
                        .sends(EHLO, "STARTTLS\r\nNOOP " + "x".repeat(200) + "\r\n", RCPT);

        assertThatThrownBy(() -> mx.serve(connection)).isInstanceOf(IOException.class);
        assertThat(last(connection)).isEqualTo("220 2.0.0 Ready to start TLS");
    }

    // RFC 3207 section 4.2
    @Test
    void startTlsForgetsEverything() throws IOException {
        ScriptedConnection connection =
                mx.serve(EHLO, MAIL, RCPT, "STARTTLS\r\n", "DATA\r\n", MAIL, EHLO, "QUIT\r\n");

        assertThat(connection.said())
                .contains("220 2.0.0 Ready to start TLS\r\n503 5.5.1 Say MAIL first\r\n503 ");
        assertThat(connection.said().split("STARTTLS", -1)).hasSize(2); // Advertised once only.
    }

    @Test
    void startTlsWithoutCertificateOrTwice() throws IOException {
        ScriptedConnection plain =
                new ScriptedConnection().withoutCertificate().sends(EHLO, "STARTTLS\r\n");
        assertThat(mx.serve(plain).lines())
                .doesNotContain("250-STARTTLS", "250 STARTTLS")
                .endsWith("454 4.7.0 TLS is not available now");
        assertThat(last(mx.serve(new ScriptedConnection().underTls().sends("STARTTLS\r\n"))))
                .isEqualTo("503 5.5.1 TLS is active already");
    }

    // RFC 3848, RFC 6531 section 4.3
    @Test
    void theWithProtocolTellsTheFacts() throws IOException {
        String message = RCPT + "DATA\r\n\r\n.\r\n";
        String utf8 = "MAIL FROM:<> SMTPUTF8\r\n";
        mx.serve("HELO bar.com\r\n", MAIL + message);
        mx.serve(EHLO + MAIL + message);
        mx.serve(EHLO + utf8 + message);
        mx.serve(new ScriptedConnection().underTls().sends(EHLO + MAIL + message));
        mx.serve(new ScriptedConnection().underTls().sends(EHLO + utf8 + message));

        assertThat(mx.rooms.accepted)
                .extracting(it -> it.transaction().envelope().source().protocol())
                .containsExactly("SMTP", "ESMTP", "UTF8SMTP", "ESMTPS", "UTF8SMTPS");
        assertThat(mx.rooms.accepted.get(3).transaction().tls()).isPresent();
    }

    @Test
    void sizesOverTheLimit() throws IOException {
        assertThat(last(mx.serve(EHLO, "MAIL FROM:<> SIZE=100001\r\n"))).startsWith("552 5.3.4 ");
        assertThat(last(mx.serve(EHLO, "MAIL FROM:<> SIZE=100000\r\n"))).startsWith("250 ");
        String body = ("x".repeat(98) + "\r\n").repeat(1001);
        ScriptedConnection connection =
                mx.serve(EHLO, MAIL + RCPT + "DATA\r\n", body, ".\r\n", "NOOP\r\n");
        assertThat(connection.lines())
                .endsWith(
                        "552 5.3.4 The message is larger than this server accepts", "250 2.0.0 Ok");
        assertThat(mx.rooms.accepted).isEmpty();
    }

    // The refusal is said before the octets, which are read all the same: RFC 3030 section 2.
    @Test
    void chunksOverTheLimitAreRefusedBeforeTheirOctets() throws IOException {
        ScriptedConnection connection =
                mx.serve(
                        EHLO,
                        MAIL + RCPT,
                        "BDAT 200000 LAST\r\n",
                        "x".repeat(200_000),
                        "RSET\r\n",
                        "QUIT\r\n");

        assertThat(connection.lines())
                .endsWith(
                        "552 5.3.4 The message is larger than this server accepts",
                        "250 2.0.0 Ok",
                        "221 2.0.0 Bye");
        // Greeting, EHLO, group, the refusal before the first octet, RSET, QUIT.
        assertThat(connection.flushes).hasSize(6);
    }

    @Test
    void absurdChunksEndTheSession() throws IOException {
        ScriptedConnection connection =
                mx.serve(
                        EHLO + MAIL + RCPT + "BDAT 9000000000000000000\r\n" + "NOOP\r\n".repeat(9));

        assertThat(last(connection)).startsWith("552 5.3.4 ");
    }

    @Test
    void chunksMakeAMessage() throws IOException {
        mx.serve(EHLO, MAIL + RCPT + "BDAT 10\r\nSubject: yBDAT 7 LAST\r\n\r\n\r\n.\r\n");
        assertThat(mx.rooms.accepted.getFirst().content()).isEqualTo("Subject: y\r\n\r\n.\r\n");

        ScriptedConnection connection =
                mx.serve(EHLO, MAIL + RCPT + "BDAT 4\r\nx: yBDAT 6\r\n\r\n\r\n.\nBDAT 0 LAST\r\n");
        assertThat(connection.lines())
                .endsWith(
                        "250 2.0.0 Chunk ok",
                        "550 5.5.2 The message has a CR or LF that is not part of a CRLF",
                        "550 5.5.2 The message has a CR or LF that is not part of a CRLF");
        assertThat(mx.rooms.accepted).hasSize(1);
    }

    @Test
    void manyReceivedFieldsAreALoop() throws IOException {
        String loop = "Received: x\r\n".repeat(101) + "\r\n.\r\n";
        assertThat(last(mx.serve(EHLO + MAIL + RCPT + "DATA\r\n", loop)))
                .isEqualTo("554 5.4.6 Too many Received fields: a mail loop");
    }

    @Test
    void troubleIsTemporary() throws IOException {
        String begun = EHLO + MAIL + RCPT + "DATA\r\n";
        mx.rooms.inbound.beginTrouble = Optional.of(new IOException("disk"));
        assertThat(last(mx.serve(begun))).startsWith("451 4.3.0 ");
        mx.rooms.inbound.beginTrouble = Optional.of(new LowSpaceException("full"));
        assertThat(last(mx.serve(begun))).startsWith("452 4.3.1 ");
        mx.rooms.inbound.beginTrouble = Optional.empty();
        mx.rooms.inbound.writeTrouble = Optional.of(new LowSpaceException("full"));
        assertThat(last(mx.serve(begun, "x\r\n.\r\n"))).startsWith("452 4.3.1 ");
        mx.rooms.inbound.writeTrouble = Optional.empty();
        mx.rooms.inbound.finishTrouble = Optional.of(new IOException("disk"));
        assertThat(last(mx.serve(begun, "x\r\n.\r\n"))).startsWith("451 4.3.0 ");
        mx.rooms.directory.trouble = Optional.of(new IOException("disk"));
        assertThat(last(mx.serve(EHLO + MAIL + RCPT))).startsWith("451 4.3.0 ");
        assertThat(mx.rooms.accepted).isEmpty();
    }

    @Test
    void ourBugEndsTheSessionOnly() throws IOException {
        mx.rooms.inbound.bug = Optional.of(new IllegalStateException("a bug, for the test"));
        ScriptedConnection connection = mx.serve(EHLO + MAIL + RCPT + "DATA\r\nx\r\n.\r\nQUIT\r\n");

        assertThat(last(connection)).isEqualTo("421 4.3.0 A fault here, closing");
        assertThat(mx.rooms.thrownAway).isEqualTo(1);
    }

    @Test
    void aStoppingServerSaysSo() throws IOException {
        ScriptedConnection connection = new ScriptedConnection().sends(EHLO);
        connection.ending = Optional.of(ConnectionEnding.Why.STOPPING);
        assertThat(last(mx.serve(connection))).isEqualTo("421 4.3.2 Shutting down");
    }

    @Test
    void fullMailboxesAreToldAtRcpt() throws IOException {
        mx.rooms.full.add(new AccountId(2));
        assertThat(mx.serve(EHLO + MAIL + RCPT + "RCPT TO:<brown@foo.com>\r\n").lines())
                .endsWith("452 4.2.2 The mailbox is full", "250 2.1.5 Recipient ok");
    }

    @Test
    void inboundRefuses() throws IOException {
        mx.rooms.inbound.refusal = Optional.of(new Refusal(550, "5.7.1", "Spam"));
        assertThat(last(mx.serve(EHLO + MAIL + RCPT + "DATA\r\nx\r\n.\r\n")))
                .isEqualTo("550 5.7.1 Spam");
    }

    @Test
    void aVanishedPeerLeavesNothing() throws IOException {
        mx.serve(EHLO + MAIL + RCPT + "DATA\r\nhalf a mess");
        mx.serve(EHLO + MAIL + RCPT + "BDAT 100\r\nhalf a mess");
        mx.serve(EHLO + MAIL + RCPT);

        assertThat(mx.rooms.accepted).isEmpty();
        assertThat(mx.rooms.thrownAway).isEqualTo(2);
    }

    @Test
    void recipientsErrorsMessagesAndTalkAreLimited() throws IOException {
        mx.with(new SmtpSettings.Limits(3, 2, 4, 10, Duration.ofMinutes(5), Duration.ofMinutes(3)));
        assertThat(last(mx.serve(EHLO + MAIL + RCPT.repeat(4))))
                .isEqualTo("452 4.5.3 Too many recipients, send again for the rest");
        assertThat(mx.serve("X\r\n".repeat(10)).lines())
                .hasSize(1 + 5 + 1)
                .endsWith("421 4.7.0 Too many errors");
        String message = MAIL + RCPT + "DATA\r\nx\r\n.\r\n";
        assertThat(last(mx.serve(EHLO + message.repeat(3))))
                .isEqualTo("421 4.7.0 Too many messages in this session");
        assertThat(mx.serve("NOOP\r\n".repeat(50)).lines())
                .hasSize(1 + 13 + 1)
                .endsWith("421 4.7.0 Too many commands without a message");
    }

    @Test
    void connectionsOfANetworkAreLimited() throws IOException {
        for (int i = 0; i < 30; i++) {
            assertThat(last(mx.serve("QUIT\r\n"))).startsWith("221 ");
        }
        assertThat(mx.serve("QUIT\r\n").lines())
                .containsExactly("421 4.7.0 Too many connections from your network");
        assertThat(last(mx.serve(new ScriptedConnection().from("198.51.100.8").sends("QUIT\r\n"))))
                .startsWith("221 ");
        mx.time.advance(Duration.ofSeconds(61));
        assertThat(last(mx.serve("QUIT\r\n"))).startsWith("221 ");
    }

    // RFC 5321 section 4.5.3.2: a deadline for a command line, not for a read.
    @Test
    void slowBytesDoNotMoveTheDeadline() throws IOException {
        ScriptedConnection connection = mx.serve("NOOP\r\nQUIT\r\n".split(""));

        // NOOP, QUIT and the farewell; the clock of the test stands still.
        assertThat(connection.deadlines).hasSize(3);
        assertThat(new HashSet<>(connection.deadlines))
                .containsExactly(mx.time.deadline(Duration.ofMinutes(5)));
    }

    @Test
    void contentMovesTheDeadlineBlockByBlock() throws IOException {
        ScriptedConnection connection =
                new ScriptedConnection()
                        .sends(EHLO, MAIL, RCPT, "DATA\r\n")
                        .sends("x".repeat(40_000).split(""));
        mx.serve(connection);

        long blocks =
                connection.deadlines.stream()
                        .filter(it -> it == mx.time.deadline(Duration.ofMinutes(3)))
                        .count();
        assertThat(blocks).isEqualTo(3);
    }

    @Test
    void longLinesAreRefusedAndSkipped() throws IOException {
        assertThat(mx.serve("EHLO " + "x".repeat(5000) + "\r\nNOOP\r\n").lines())
                .endsWith("500 5.5.6 Line too long", "250 2.0.0 Ok");
    }

    @Test
    void wrongBytesAreOneSentence() throws IOException {
        for (String line : List.of("MAIL FROM:<\u00fc@bar.com> SMTPUTF8", "NOOP \0", "\u0080")) {
            ScriptedConnection connection = new ScriptedConnection().sends(EHLO);
            connection.sends((line + "\r\nNOOP\r\n").getBytes(StandardCharsets.ISO_8859_1));
            List<String> said = mx.serve(connection).lines();
            assertThat(said.get(said.size() - 2)).matches("50[01] 5\\.5\\.[0-9] .*");
            assertThat(said.getLast()).isEqualTo("250 2.0.0 Ok");
        }
    }

    @Test
    void trustedNetworksRelayAndKnowNoLimits() throws IOException {
        Sessions local = new Sessions(Flavour.MX).local();
        String far = EHLO + MAIL + "RCPT TO:<x@far.example>\r\n";
        for (int i = 0; i < 40; i++) {
            assertThat(last(local.serve(new ScriptedConnection().from("127.0.0.1").sends(far))))
                    .isEqualTo("250 2.1.5 Recipient ok");
        }
        assertThat(last(local.serve(far))).isEqualTo("554 5.7.1 Relaying denied");
    }

    // RFC 2033 section 4.2
    @Test
    void lmtpRepliesForEachRecipient() throws IOException {
        Sessions lmtp = new Sessions(Flavour.LMTP);
        lmtp.rooms.inbound.refusedRecipient = Optional.of(Address.parse("brown@foo.com"));
        ScriptedConnection connection =
                lmtp.serve(
                        "LHLO bar.com\r\n",
                        MAIL + RCPT + "RCPT TO:<x@foo.com>\r\nRCPT TO:<brown@foo.com>\r\n",
                        "DATA\r\nx\r\n.\r\n");

        List<String> lines = connection.lines();
        assertThat(lines.subList(lines.size() - 2, lines.size()))
                .containsExactly(
                        "250 2.0.0 Ok, queued as 0000000000001",
                        "550 5.7.1 Refused by a Sieve script");
        assertThat(lmtp.rooms.accepted.getFirst().transaction().origin())
                .isEqualTo(new Origin.Lmtp());
        assertThat(lmtp.rooms.accepted.getFirst().transaction().envelope().source().protocol())
                .isEqualTo("LMTP");
    }

    // RFC 2033 section 4.2: whatever happens, or the client takes the wrong reply for the next.
    @Test
    void lmtpRepliesForEachRecipientToTroubleToo() throws IOException {
        Sessions lmtp = new Sessions(Flavour.LMTP);
        String two = "LHLO bar.com\r\n" + MAIL + RCPT + "RCPT TO:<brown@foo.com>\r\n";
        lmtp.rooms.inbound.finishTrouble = Optional.of(new IOException("disk"));
        assertThat(lmtp.serve(two + "DATA\r\n", "x\r\n.\r\nNOOP\r\n").lines())
                .endsWith(
                        "354 Send the message, end with a dot on a line by itself",
                        "451 4.3.0 Trouble here, try again later",
                        "451 4.3.0 Trouble here, try again later",
                        "250 2.0.0 Ok");
        assertThat(lmtp.serve(two + "BDAT 3 LAST\r\nx\r\nNOOP\r\n").lines())
                .endsWith(
                        "250 2.1.5 Recipient ok",
                        "451 4.3.0 Trouble here, try again later",
                        "451 4.3.0 Trouble here, try again later",
                        "250 2.0.0 Ok");
        lmtp.rooms.inbound.finishTrouble = Optional.empty();
        lmtp.rooms.inbound.beginTrouble = Optional.of(new LowSpaceException("full"));
        assertThat(lmtp.serve(two + "BDAT 3\r\nx\r\nBDAT 0 LAST\r\nNOOP\r\n").lines())
                .endsWith(
                        "250 2.1.5 Recipient ok",
                        "452 4.3.1 Not enough storage here, try again later",
                        "452 4.3.1 Not enough storage here, try again later",
                        "452 4.3.1 Not enough storage here, try again later",
                        "250 2.0.0 Ok");
    }

    // RFC 2033 section 4.3
    @Test
    void lmtpHasNoReplyToALastChunkForNobody() throws IOException {
        Sessions lmtp = new Sessions(Flavour.LMTP);
        assertThat(lmtp.serve("LHLO x\r\n" + MAIL + "BDAT 3 LAST\r\nx\r\nNOOP\r\n").lines())
                .endsWith("250 2.1.0 Sender ok", "250 2.0.0 Ok");
    }

    // What was accepted must be told, however many others were refused.
    @Test
    void manyRefusalsAreAllToldBeforeTheSessionEnds() throws IOException {
        Sessions lmtp = new Sessions(Flavour.LMTP);
        lmtp.with(
                new SmtpSettings.Limits(
                        10, 2, 1, 10, Duration.ofMinutes(5), Duration.ofMinutes(3)));
        lmtp.rooms.inbound.refusedRecipient = Optional.of(Address.parse("brown@foo.com"));
        assertThat(
                        lmtp.serve(
                                        "LHLO x\r\n"
                                                + MAIL
                                                + "RCPT TO:<brown@foo.com>\r\n".repeat(3)
                                                + RCPT
                                                + "DATA\r\n",
                                        "x\r\n.\r\n")
                                .lines())
                .contains("250 2.0.0 Ok, queued as 0000000000001");
    }

    // The last chunk's reply is the one that clients take for the message's.
    @Test
    void aChunkBehindTroubleIsRefusedForTheSameTime() throws IOException {
        mx.rooms.inbound.writeTrouble = Optional.of(new LowSpaceException("full"));
        assertThat(
                        mx.serve(EHLO + MAIL + RCPT + "BDAT 3\r\nx\r\nBDAT 3 LAST\r\nx\r\n" + RCPT)
                                .lines())
                .endsWith(
                        "452 4.3.1 Not enough storage here, try again later",
                        "452 4.3.1 Not enough storage here, try again later",
                        "503 5.5.1 Wait for the reply before sending more");
    }

    // Nobody knows how many octets are no commands.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BDAT",
                "BDAT x",
                "BDAT -1",
                "bdat 20 LASTX",
                "BDAT 20 LAST LAST",
                "BDAT 99999999999999999999999",
                "BDAT 20\0"
            })
    void chunksOfUnknownLengthEndTheSession(String bdat) throws IOException {
        ScriptedConnection connection = mx.serve(EHLO + MAIL + RCPT + bdat + "\r\nNOOP\r\n");
        assertThat(last(connection)).startsWith("501 5.5.4 ");
    }

    // RFC 5321 section 4.2.1: what may be otherwise in an hour is no 5yz.
    @Test
    void nobodyNowIsTemporary() throws IOException {
        mx.rooms.directory.trouble = Optional.of(new IOException("disk"));
        assertThat(last(mx.serve(EHLO + MAIL + RCPT + "DATA\r\n"))).startsWith("451 4.");
        assertThat(last(mx.serve(EHLO + MAIL + RCPT + "BDAT 0 LAST\r\n"))).startsWith("451 4.");
        mx.rooms.directory.trouble = Optional.empty();
        mx.rooms.full.add(new AccountId(2));
        assertThat(last(mx.serve(EHLO + MAIL + RCPT + "RCPT TO:<x@foo.com>\r\nDATA\r\n")))
                .startsWith("451 4.");
        assertThat(last(mx.serve(EHLO + MAIL + "RCPT TO:<x@foo.com>\r\nDATA\r\n")))
                .isEqualTo("554 5.5.1 No valid recipients");
    }

    // Load tools and mail servers beside us use one connection for all.
    @Test
    void trustedSessionsLastLonger() throws IOException {
        Sessions local = new Sessions(Flavour.MX).local();
        local.with(
                new SmtpSettings.Limits(3, 2, 4, 10, Duration.ofMinutes(5), Duration.ofMinutes(3)));
        String message = MAIL + RCPT + "DATA\r\nx\r\n.\r\n";
        ScriptedConnection trusted =
                local.serve(
                        new ScriptedConnection()
                                .from("127.0.0.1")
                                .sends(EHLO + message.repeat(5), "NOOP\r\n"));
        assertThat(trusted.lines()).contains("250-LIMITS MAILMAX=100000 RCPTMAX=3");
        assertThat(last(trusted)).isEqualTo("250 2.0.0 Ok");
        assertThat(last(local.serve(EHLO + message.repeat(5))))
                .isEqualTo("421 4.7.0 Too many messages in this session");
    }

    // A reset by the unread would eat the last reply on its way.
    @Test
    void whatStillComesIsReadBeforeTheSessionIsClosed() throws IOException {
        ScriptedConnection connection =
                new ScriptedConnection().sends("X\r\n".repeat(60), "Y\r\n", "Z\r\n");
        mx.serve(connection);
        assertThat(last(connection)).isEqualTo("421 4.7.0 Too many errors");
        assertThat(connection.allRead()).isTrue();
        assertThat(connection.deadlines.getLast())
                .isEqualTo(mx.time.deadline(Duration.ofSeconds(2)));
    }

    @Test
    void readingToTheEndHasAnEnd() throws IOException {
        byte[] much = "X\r\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        ScriptedConnection connection = new ScriptedConnection();
        connection.whenSilent(() -> connection.sends(much));
        assertThat(last(mx.serve(connection))).isEqualTo("421 4.7.0 Too many errors");
    }

    // One entry of the queue takes a thousand; the rest comes as another message.
    @Test
    void listsCountWithAllTheirMembers() throws IOException {
        List<Route.Target> members = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Address member = Address.parse("member" + i + "@foo.com");
            members.add(new Route.Target(new AccountId(100 + i), member, member, ""));
        }
        mx.rooms.directory.lists.put("list1", new Route.Ours(members, List.of()));
        mx.rooms.directory.lists.put("list2", new Route.Ours(members.subList(300, 600), List.of()));
        List<Route.Target> others = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Address member = Address.parse("other" + i + "@foo.com");
            others.add(new Route.Target(new AccountId(1000 + i), member, member, ""));
        }
        mx.rooms.directory.lists.put("list3", new Route.Ours(others, List.of()));
        assertThat(
                        mx.serve(
                                        EHLO
                                                + MAIL
                                                + "RCPT TO:<list1@foo.com>\r\n"
                                                + "RCPT TO:<list2@foo.com>\r\n"
                                                + "RCPT TO:<list3@foo.com>\r\n"
                                                + RCPT)
                                .lines())
                .endsWith(
                        "250 2.1.5 Recipient ok",
                        "250 2.1.5 Recipient ok",
                        "452 4.5.3 Too many recipients, send again for the rest",
                        "250 2.1.5 Recipient ok");
    }

    // ATTACKS row 1 within chunks, whose ends are counted: nothing ends early there either.
    @ParameterizedTest
    @MethodSource("falseEnds")
    void nothingIsSmuggledInChunks(String falseEnd) throws IOException {
        String evil = "MAIL FROM:<admin@foo.com>\r\nRCPT TO:<jones@foo.com>\r\nDATA\r\nevil\r\n";
        byte[] content = ("x" + falseEnd + evil).getBytes(StandardCharsets.UTF_8);
        for (int cut : new int[] {0, 2, 3, 4, content.length}) {
            ScriptedConnection connection =
                    mx.serve(
                            new ScriptedConnection()
                                    .sends(EHLO + MAIL + RCPT + "BDAT " + cut + "\r\n")
                                    .sends(Arrays.copyOf(content, cut))
                                    .sends("BDAT " + (content.length - cut) + " LAST\r\n")
                                    .sends(Arrays.copyOfRange(content, cut, content.length))
                                    .sends("QUIT\r\n"));
            assertThat(connection.lines())
                    .as("cut at " + cut)
                    .endsWith(
                            "550 5.5.2 The message has a CR or LF that is not part of a CRLF",
                            "221 2.0.0 Bye")
                    .doesNotContain("354 Send the message, end with a dot on a line by itself");
        }
        assertThat(mx.rooms.accepted).isEmpty();
    }

    // A block every two minutes would last for weeks.
    @ParameterizedTest
    @ValueSource(strings = {"DATA\r\n", "BDAT 90000 LAST\r\n"})
    void aSlowMessageHasAnEnd(String begin) throws IOException {
        ScriptedConnection connection = new ScriptedConnection().sends(EHLO, MAIL, RCPT, begin);
        long began = mx.time.nanos();
        connection.whenSilent(
                () -> {
                    mx.time.advance(Duration.ofMinutes(2));
                    if (mx.time.nanos() - began < Duration.ofMinutes(12).toNanos()) {
                        connection.sends("x".repeat(SmtpSession.BLOCK));
                    }
                });
        mx.serve(connection);
        // Five blocks in ten minutes: the sixth has not three minutes more, but 80 seconds.
        assertThat(connection.deadlines)
                .contains(began + Duration.ofMinutes(11).toNanos())
                .contains(began + Duration.ofSeconds(680).toNanos())
                .doesNotContain(began + Duration.ofMinutes(13).toNanos());
    }
}
