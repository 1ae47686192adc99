package mansio.state.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.message.Part;
import mansio.codec.smtp.MailParameters.Ret;
import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.smtp.RcptParameters.OriginalRecipient;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Fate;
import mansio.state.queue.Progress;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.queue.ReportWish;
import mansio.state.queue.Reports.Kind;
import mansio.state.queue.Reports.Occasion;
import mansio.state.store.AccountId;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.store.Content.Inline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Who is told what, and in which form (RFC 3464). */
class SenderReportsTest {
    private static final Instant RECEIVED = Instant.parse("2026-03-02T10:00:00Z");
    private static final Address ANNA = Address.parse("anna@example.org");
    private static final Address BOB = Address.parse("bob@example.net");
    private static final AccountId ACCOUNT = new AccountId(7);
    private static final String MESSAGE =
            "From: anna@example.org\r\n"
                    + "Subject: Lunch\r\n"
                    + "Message-ID: <1@example.org>\r\n\r\n"
                    + "Noon?\r\n";

    private final SenderReports reports =
            new SenderReports(
                    new OwnDomain(), noBlobs(), Domain.parse("mx.example.org"), new Random(1));

    /** Contents in these tests are inline. */
    private static Blobs noBlobs() {
        return (Blobs)
                Proxy.newProxyInstance(
                        Blobs.class.getClassLoader(),
                        new Class<?>[] {Blobs.class},
                        (_, method, _) -> {
                            throw new AssertionError(method);
                        });
    }

    /** One domain, example.org, where anna and postmaster are somebody. */
    private static final class OwnDomain implements Directory {
        @Override
        public Route route(Address address) {
            if (!isLocal(address.domain().orElseThrow())) return new Route.Remote(address);
            if (address.localPart().text().equals("gone")) return new Route.NoSuchUser();
            return new Route.Ours(
                    List.of(new Route.Target(ACCOUNT, address, address, "")), List.of());
        }

        @Override
        public Route routePostmaster(Address addressedTo) {
            return route(addressedTo);
        }

        @Override
        public AccountId postmaster(Domain domain) {
            return ACCOUNT;
        }

        @Override
        public boolean isLocal(Domain domain) {
            return domain.text().equals("example.org");
        }

        @Override
        public List<Domain> domains() {
            return List.of(Domain.parse("example.org"));
        }

        @Override
        public Optional<Account> account(AccountId id) {
            return Optional.empty();
        }

        @Override
        public boolean owns(AccountId account, Address address) {
            return true;
        }

        @Override
        public boolean isAccountAddress(Address address) {
            throw new AssertionError(address);
        }

        @Override
        public boolean isLoginName(AccountId account, String loginName) {
            return false;
        }
    }

    private static Failure refused(String reply) {
        return new Failure("5.1.1", Stage.RCPT, "mx.example.net[192.0.2.1]", reply, "", RECEIVED);
    }

    private static Recipient failed(Action action, String reply) {
        return Recipient.fresh(BOB, action)
                .with(new Progress.Done(new Fate.Failed(refused(reply))));
    }

    private static QueueEntry entry(
            Optional<Address> from, boolean authenticated, String message, Recipient... to) {
        return entry(from, authenticated, Envelope.Wishes.NONE, message, to);
    }

    private static QueueEntry entry(
            Optional<Address> from,
            boolean authenticated,
            Envelope.Wishes wishes,
            String message,
            Recipient... to) {
        Optional<AccountId> submitter = authenticated ? Optional.of(ACCOUNT) : Optional.empty();
        return new QueueEntry(
                QueueId.parse("0000000000034").orElseThrow(),
                RECEIVED,
                new Envelope(
                        from,
                        Body.EIGHT_BIT_MIME,
                        false,
                        new Source("192.0.2.9", "client", "ESMTPSA", submitter, "s1"),
                        wishes),
                new Content(List.of(new Inline(message.getBytes(StandardCharsets.UTF_8)))),
                "1@example.org",
                List.of(to));
    }

    private static Occasion occasion(QueueEntry entry, Kind kind) {
        return new Occasion(
                entry,
                kind,
                entry.recipients(),
                RECEIVED.plusSeconds(60),
                RECEIVED.plus(Duration.ofDays(5)),
                QueueId.parse("0000000000035").orElseThrow());
    }

    private QueueEntry report(QueueEntry entry, Kind kind) throws Exception {
        return reports.about(occasion(entry, kind)).orElseThrow();
    }

    private static String text(QueueEntry report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Content.Piece piece : report.content().pieces()) {
            out.writeBytes(((Inline) piece).bytes());
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> types(QueueEntry report) {
        ParsedMessage parsed = MessageParser.parse(text(report).getBytes(StandardCharsets.UTF_8));
        List<String> types = new ArrayList<>();
        types.add(parsed.root().contentType().mediaType());
        for (Part part : parsed.root().children()) types.add(part.contentType().mediaType());
        return types;
    }

    @Test
    void aFailureInWordsAndFields() throws Exception {
        Recipient to =
                new Recipient(
                        BOB,
                        new Action.Relay(),
                        new ReportWish(
                                Optional.empty(),
                                Optional.of(new OriginalRecipient("rfc822", "Bob@example.net"))),
                        failed(new Action.Relay(), "550 5.1.1 No such user here").progress());
        QueueEntry entry =
                entry(
                        Optional.of(ANNA),
                        true,
                        new Envelope.Wishes(Optional.of("env-7"), Optional.empty(), false),
                        MESSAGE,
                        to);
        QueueEntry report = report(entry, Kind.FAILED);
        String text = text(report);
        assertThat(report.envelope().reversePath()).isEmpty();
        assertThat(report.recipients())
                .singleElement()
                .satisfies(it -> assertThat(it.forwardPath()).isEqualTo(ANNA))
                .satisfies(it -> assertThat(it.action()).isInstanceOf(Action.Deliver.class));
        assertThat(text)
                .startsWith("From: Mail delivery <mailer-daemon@example.org>\r\n")
                .contains("Subject: Not delivered: Lunch\r\n")
                .contains("In-Reply-To: <1@example.org>\r\n")
                .contains("Auto-Submitted: auto-replied\r\n")
                .contains("Your message could not be delivered to its recipient.\r\n")
                .contains("  bob@example.net\r\n    The mailbox does not exist there.\r\n")
                .contains("    What helps: Check the spelling of the address")
                .contains("answered:\r\n      550 5.1.1 No such user here\r\n")
                .contains(
                        """
                        Original-Envelope-Id: env-7\r
                        Reporting-MTA: dns; mx.example.org\r
                        Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0000\r
                        \r
                        Original-Recipient: rfc822; Bob@example.net\r
                        Final-Recipient: rfc822; bob@example.net\r
                        Action: failed\r
                        Status: 5.1.1\r
                        Remote-MTA: dns; mx.example.net[192.0.2.1]\r
                        Diagnostic-Code: smtp; 550 5.1.1 No such user here\r
                        """)
                .contains(MESSAGE);
        assertThat(types(report).toString())
                .containsSubsequence("report", "plain", "delivery-status", "rfc822");
    }

    /** For when the better one cannot be made: it looks at nothing that could be wrong. */
    @Test
    void aSimpleReportSaysTheLeast() throws Exception {
        QueueEntry entry =
                entry(Optional.of(ANNA), true, MESSAGE, failed(new Action.Relay(), "550 no"));
        QueueEntry report = reports.simplyAbout(occasion(entry, Kind.FAILED)).orElseThrow();
        assertThat(report.envelope().reversePath()).isEmpty();
        assertThat(report.recipients().getFirst().forwardPath()).isEqualTo(ANNA);
        assertThat(types(report).toString()).containsSubsequence("report", "plain", "delivery");
        assertThat(text(report))
                .contains("    bob@example.net: not delivered\r\n")
                .contains("Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\n")
                .doesNotContain("Lunch");
        assertThat(text(report).replace("\r\n", "")).doesNotContain("\n", "\r");
        assertThat(reports.simplyAbout(occasion(entry, Kind.DELAYED))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u007fb@example.org",
                "a\u0085b@example.org",
                "ä@example.org",
                "a@b\r\nX: y"
            })
    void aMessageIdThatFitsNoHeaderIsLeftOut(String id) throws Exception {
        QueueEntry usual =
                entry(Optional.of(ANNA), true, MESSAGE, failed(new Action.Relay(), "no"));
        QueueEntry entry =
                new QueueEntry(
                        usual.id(),
                        usual.received(),
                        usual.envelope(),
                        usual.content(),
                        id,
                        usual.recipients());
        assertThat(text(report(entry, Kind.FAILED)))
                .contains("Action: failed")
                .doesNotContain("In-Reply-To", "References", "\r\nX: y");
    }

    @Test
    void nobodyIsToldOfAReport() throws Exception {
        QueueEntry entry =
                entry(Optional.empty(), true, MESSAGE, failed(new Action.Relay(), "550 no"));
        assertThat(reports.about(occasion(entry, Kind.FAILED))).isEmpty();
    }

    /** The guard against loops: what is made here has nobody who could be told of it. */
    @Test
    void theFailureOfAReportIsNotTold() throws Exception {
        QueueEntry entry =
                entry(Optional.of(ANNA), true, MESSAGE, failed(new Action.Relay(), "550 no"));
        QueueEntry report = report(entry, Kind.FAILED);
        Recipient lost =
                report.recipients()
                        .getFirst()
                        .with(new Progress.Done(new Fate.Failed(refused("550 no"))));
        QueueEntry again = entry(report.envelope().reversePath(), false, text(report), lost);
        for (Kind kind : Kind.values()) {
            assertThat(reports.about(occasion(again, kind))).isEmpty();
        }
        assertThat(text(report)).contains("Auto-Submitted: auto-replied\r\n");
    }

    @Test
    void aDeliveryInWordsAndFields() throws Exception {
        Recipient to =
                new Recipient(
                        ANNA,
                        new Action.Deliver(ACCOUNT, Optional.empty(), Action.Placing.INBOX),
                        new ReportWish(Optional.of(Set.of(Notify.SUCCESS)), Optional.empty()),
                        new Progress.Done(new Fate.LocalDelivered("INBOX of anna, UID 17")));
        // From a trusted network, without log-in: only there such a wish is taken.
        Optional<Address> sender = Optional.of(Address.parse("app@example.org"));
        QueueEntry report = report(entry(sender, false, MESSAGE, to), Kind.DELIVERED);
        assertThat(report.envelope().reversePath()).isEmpty();
        assertThat(text(report))
                .contains("Subject: Delivered: Lunch\r\n")
                .contains("Your message was delivered to its recipient.\r\n")
                .contains("  anna@example.org\r\n    It is in the mailbox.\r\n")
                .contains(
                        """
                        Final-Recipient: rfc822; anna@example.org\r
                        Action: delivered\r
                        Status: 2.0.0\r
                        """)
                .doesNotContain("UID 17", "Noon?");
    }

    @Test
    void anAddressOfOursThatIsGoneGetsNone() throws Exception {
        Optional<Address> gone = Optional.of(Address.parse("gone@example.org"));
        QueueEntry entry = entry(gone, true, MESSAGE, failed(new Action.Relay(), "550 no"));
        assertThat(reports.about(occasion(entry, Kind.FAILED))).isEmpty();
    }

    /** ATTACKS: no backscatter. The reverse-path of a stranger may be forged. */
    @Test
    void aForwardOfAStrangersMailIsToldToTheOwner() throws Exception {
        Address alias = Address.parse("info@example.org");
        Recipient to =
                Recipient.fresh(alias, new Action.Forward(BOB, Optional.empty()))
                        .with(new Progress.Done(new Fate.Failed(refused("550 5.1.1 no"))));
        Optional<Address> stranger = Optional.of(Address.parse("x@elsewhere.test"));
        QueueEntry report = report(entry(stranger, false, MESSAGE, to), Kind.FAILED);
        assertThat(report.recipients().getFirst().forwardPath())
                .hasToString("postmaster@example.org");
        assertThat(text(report)).contains("bob@example.net\r\n    forwarded by info@example.org");
    }

    /** Where an alias leads is not the sender's to know. */
    @Test
    void theSenderSeesTheAliasOnly() throws Exception {
        Address alias = Address.parse("info@example.org");
        Recipient to =
                Recipient.fresh(alias, new Action.Forward(BOB, Optional.of(ANNA)))
                        .with(new Progress.Done(new Fate.Failed(refused("550 5.1.1 no"))));
        String text = text(report(entry(Optional.of(ANNA), true, MESSAGE, to), Kind.FAILED));
        assertThat(text)
                .contains("Final-Recipient: rfc822; info@example.org")
                .doesNotContain("bob@example.net");
    }

    @Test
    void aDelayIsNotToldToListsAndPrograms() throws Exception {
        Recipient to =
                Recipient.fresh(BOB, new Action.Relay())
                        .with(
                                new Progress.Waiting(
                                        3, RECEIVED, Optional.of(refused("450 4.2.0 later")), 0));
        for (String field :
                List.of(
                        "List-Id: <a.b>",
                        "Precedence: Bulk",
                        "Auto-Submitted: auto-generated",
                        "List-Unsubscribe: <mailto:x@y>")) {
            QueueEntry entry = entry(Optional.of(ANNA), true, field + "\r\n" + MESSAGE, to);
            assertThat(reports.about(occasion(entry, Kind.DELAYED))).as(field).isEmpty();
        }
        QueueEntry usual = entry(Optional.of(ANNA), true, MESSAGE, to);
        assertThat(text(report(usual, Kind.DELAYED)))
                .contains("Subject: Delayed, still trying: Lunch")
                .contains("Action: delayed\r\n")
                .contains("Will-Retry-Until: Sat, 7 Mar 2026 10:00:00 +0000")
                .contains("Content-Type: text/rfc822-headers")
                .doesNotContain("Noon?");
    }

    @Test
    void largeMessagesAndRetHdrsBringBackTheHeaderOnly() throws Exception {
        Recipient to = failed(new Action.Relay(), "550 5.1.1 no");
        QueueEntry large = entry(Optional.of(ANNA), true, MESSAGE + "x".repeat(51 << 10), to);
        assertThat(text(report(large, Kind.FAILED)))
                .contains("Content-Type: text/rfc822-headers")
                .contains("Message-ID: <1@example.org>\r\n")
                .doesNotContain("Noon?");
        QueueEntry headers =
                entry(
                        Optional.of(ANNA),
                        true,
                        new Envelope.Wishes(Optional.empty(), Optional.of(Ret.HDRS), false),
                        MESSAGE,
                        to);
        assertThat(text(report(headers, Kind.FAILED))).doesNotContain("Noon?");
    }

    /** RFC 6533: an address beyond ASCII needs the global forms. */
    @Test
    void addressesBeyondAscii() throws Exception {
        Recipient to =
                Recipient.fresh(Address.parse("jörg@example.net"), new Action.Relay())
                        .with(new Progress.Done(new Fate.Failed(refused("550 5.1.1 no"))));
        QueueEntry report = report(entry(Optional.of(ANNA), true, MESSAGE, to), Kind.FAILED);
        assertThat(report.envelope().smtpUtf8()).isTrue();
        assertThat(text(report))
                .contains("Content-Type: message/global-delivery-status")
                .contains("Final-Recipient: utf-8; jörg@example.net");
    }

    /** The largest that can come together fits what an entry can hold inline. */
    @Test
    void manyLongRecipientsFit() throws Exception {
        String local = "x".repeat(64) + "@" + ("y".repeat(60) + ".").repeat(3) + "test";
        Recipient one =
                new Recipient(
                        Address.parse(local),
                        new Action.Relay(),
                        new ReportWish(
                                Optional.empty(),
                                Optional.of(new OriginalRecipient("rfc822", "z".repeat(480)))),
                        failed(new Action.Relay(), "550 5.1.1 " + "n".repeat(480)).progress());
        List<Recipient> many = Collections.nCopies(mansio.state.queue.Reports.MAX_RECIPIENTS, one);
        String header = ("X-Long: " + "h".repeat(900) + "\r\n").repeat(30);
        QueueEntry entry =
                entry(
                        Optional.of(ANNA),
                        true,
                        header + MESSAGE + "x".repeat(26 << 10),
                        many.toArray(Recipient[]::new));
        QueueEntry report = report(entry, Kind.FAILED);
        assertThat(report.content().length()).isLessThan(Content.MAX_INLINE_BYTES);
        assertThat(text(report)).endsWith("--\r\n");
    }

    @Test
    void refersToTheSameBlob() throws Exception {
        QueueEntry entry =
                entry(Optional.of(ANNA), true, MESSAGE, failed(new Action.Relay(), "550 no"));
        assertThat(report(entry, Kind.FAILED).content().pieces())
                .contains(entry.content().pieces().getFirst());
    }
}
