package mansio.serve.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.outbound.Field.Remote;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.DkimKey.Pace;
import mansio.state.dkimkey.KeyName;
import mansio.state.queue.Action;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Opening;
import mansio.state.queue.Envelope;
import mansio.state.queue.Passage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Note;
import mansio.state.queue.Passage.Result;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.testkit.dns.FakeDns;
import mansio.trust.arc.ArcResult;
import mansio.trust.arc.ArcState;
import mansio.trust.arc.ArcValidation;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimVerification;
import mansio.trust.dkim.Surroundings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What leaves is signed as its author's domain wants, and verifies where it arrives. */
class SigningTest {
    private static final Domain OWN = Domain.parse("example.org");
    private static final String TEXT =
            "From: Anna <anna@example.org>\nTo: b@example.net\nSubject: s\n\nHello\n";

    @TempDir Path folder;
    private Field field = Optional.<Field>empty().orElse(null);
    private Remote remote = Optional.<Remote>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        field = new Field(folder);
        field.editor.addDomain(OWN);
        field.keys.makeFirst(OWN);
        remote = field.remote("offers 8BITMIME / offers SMTPUTF8 / offers PIPELINING");
        field.route("*", "smtp://127.0.0.1:" + remote.port());
    }

    @AfterEach
    void close() {
        field.close();
    }

    private Optional<Note> send(Outbound outbound, QueueEntry entry) throws IOException {
        Opening opening =
                outbound.open(Field.to(outbound, entry).site(), Field.lane(outbound, entry));
        try (Passage passage = ((Opening.Opened) opening).passage()) {
            Dispatch dispatch =
                    new Dispatch(
                            entry,
                            new Lane("", ""),
                            IntStream.range(0, entry.recipients().size()).boxed().toList());
            assertThat(passage.send(dispatch, _ -> {})).first().isInstanceOf(Result.Ended.class);
            return passage.note();
        }
    }

    private Optional<Note> send(QueueEntry entry) throws IOException {
        return send(field.outbound(), entry);
    }

    /**
     * Of the signatures of what arrived last, with the keys' records as the owner publishes them.
     */
    private List<DkimResult> verified() {
        DkimVerification dkim = new DkimVerification(around());
        read(dkim);
        return dkim.results(field.time.deadline(Duration.ofSeconds(20)));
    }

    private ArcResult chain() {
        ArcValidation arc = new ArcValidation(around());
        read(arc);
        return arc.result(field.time.deadline(Duration.ofSeconds(20)));
    }

    private Surroundings around() {
        FakeDns dns = new FakeDns(field.time, new Random(3));
        dns.zone(
                ".",
                field.keys.all().stream()
                        .map(SigningTest::record)
                        .collect(Collectors.joining("\n")));
        return new Surroundings(dns, field.time, field.threads, Crypto.jdk());
    }

    private void read(ContentPass.Reader reader) {
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(reader));
        String arrived = remote.message().replace("\r\n..", "\r\n.");
        byte[] bytes = arrived.getBytes(StandardCharsets.ISO_8859_1);
        pass.feed(bytes, 0, bytes.length);
        pass.end();
    }

    private static String record(DkimKey key) {
        String text = key.record();
        int half = text.length() / 2;
        return "%s. TXT \"%s\" \"%s\""
                .formatted(key.name().dnsName(), text.substring(0, half), text.substring(half));
    }

    private void passes(int signatures) {
        assertThat(verified())
                .hasSize(signatures)
                .allSatisfy(it -> assertThat(it.passes()).as("%s", it).isTrue());
    }

    private static QueueEntry with(QueueEntry entry, Envelope envelope, Action action) {
        return new QueueEntry(
                entry.id(),
                entry.received(),
                envelope,
                entry.content(),
                entry.messageId(),
                entry.recipients().stream()
                        .map(it -> Recipient.fresh(it.forwardPath(), action))
                        .toList());
    }

    @Test
    void ownMailBearsBothSignatures() throws IOException {
        Note note = send(field.entry(true, TEXT, "x@example.net")).orElseThrow();
        assertThat(note.outcome()).isEqualTo("signed");
        assertThat(note.reason()).matches("d=example.org s=m\\d{6}e,m\\d{6}r");
        passes(2);
        assertThat(remote.message()).endsWith(TEXT.replace("\n", "\r\n"));
        assertThat(remote.message()).startsWith("DKIM-Signature:");
    }

    @Test
    void whatIsHashedIsWhatGoesOut() throws IOException {
        String odd = "From: anna@example.org\n\n.dot\n..\nno end of line";
        send(field.entry(true, odd, "x@example.net"));
        assertThat(remote.message()).endsWith("no end of line\r\n");
        passes(2);
        send(field.entry(true, "From: anna@example.org\n\n\n\n", "x@example.net"));
        passes(2);
        send(field.entry(true, "From: anna@example.org\n", "x@example.net"));
        passes(2);
    }

    @Test
    void octetsAbove127AreEncodedFirst() throws IOException {
        String mime = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n";
        send(field.entry(true, mime + TEXT.replace("Hello", "Z\u00fcrich"), "x@example.net"));
        assertThat(remote.message()).endsWith("Z=C3=BCrich\r\n");
        passes(2);
        // What somebody has signed already is not encoded anew.
        String signed = "DKIM-Signature: v=1; a=rsa-sha256; d=upstream.example; s=x; b=AAAA\n";
        String own = signed + mime + TEXT.replace("Hello", "Z\u00fcrich");
        send(field.entry(true, own, "x@example.net"));
        assertThat(remote.message()).endsWith("Z\u00c3\u00bcrich\r\n");
        assertThat(verified().stream().filter(DkimResult::passes)).hasSize(2);
        // It says not that it is MIME: as it is.
        send(field.entry(true, TEXT.replace("Hello", "Z\u00fcrich"), "x@example.net"));
        passes(2);
    }

    @Test
    void rewritingComesFirst() throws IOException {
        Domain other = Domain.parse("example.com");
        field.editor.addDomain(other);
        field.keys.makeFirst(other);
        field.generic("@example.org", "@example.com");
        Note note = send(field.entry(true, TEXT, "x@example.net")).orElseThrow();
        assertThat(note.reason()).startsWith("d=example.com ");
        passes(2);
        field.generic("@example.com", "@isp.example");
        QueueEntry foreign =
                field.entry(true, TEXT.replace("example.org", "isp.example"), "x@example.net");
        assertThat(send(foreign))
                .contains(new Note("not signed", "there is no key for isp.example"));
        assertThat(remote.message()).startsWith("From:");
    }

    @Test
    void onlyMailOfOurOwn() throws IOException {
        assertThat(send(field.entry(false, TEXT, "x@example.net"))).isEmpty();
        assertThat(remote.message()).startsWith("From:");
        QueueEntry entry = field.entry(false, TEXT, "x@example.net");
        Action forward =
                new Action.Forward(
                        Address.parse("x@example.net"),
                        Optional.of(Address.parse("anna@example.org")));
        assertThat(send(with(entry, entry.envelope(), forward)).orElseThrow().outcome())
                .isEqualTo("not sealed");
        assertThat(remote.message()).startsWith("From:");
        // Mail of ours that an alias sends on is ours.
        QueueEntry own = field.entry(true, TEXT, "x@example.net");
        assertThat(send(with(own, own.envelope(), forward)).orElseThrow().outcome())
                .isEqualTo("signed");
        passes(2);
    }

    @Test
    void whatAnAliasSendsOnIsSealedAndNotTouched() throws IOException {
        String seen =
                "Authentication-Results: mx.example.org; arc=none;\n"
                        + "\tdmarc=pass header.from=far.example\n";
        String text = TEXT.replace("example.org", "far.example") + "\u00fc\n";
        QueueEntry entry = field.entry(false, seen + text, "anna@example.org");
        Action forward = new Action.Forward(Address.parse("x@example.net"), Optional.empty());
        Note note = send(with(entry, entry.envelope(), forward)).orElseThrow();
        assertThat(note.outcome()).isEqualTo("sealed");
        assertThat(note.reason()).matches("d=example.org s=m\\d{6}r");
        assertThat(remote.message())
                .startsWith("ARC-Seal:")
                .endsWith((seen + text).replace("\n", "\r\n").replace("\u00fc", "\u00c3\u00bc"));
        assertThat(chain().state()).isEqualTo(ArcState.PASS);
        assertThat(chain().hops().getFirst().results())
                .contains("mx.example.org;", "dmarc=pass header.from=far.example");
        // The next one who forwards finds our set and adds to it.
        byte[] sealed = remote.message().getBytes(StandardCharsets.ISO_8859_1);
        String again =
                seen.replace("arc=none", "arc=pass")
                        + new String(sealed, StandardCharsets.UTF_8).replace("\r", "");
        send(with(field.entry(false, again, "anna@example.org"), entry.envelope(), forward));
        assertThat(chain().state()).isEqualTo(ArcState.PASS);
        assertThat(chain().hops()).hasSize(2);
    }

    @Test
    void reportsBearTheSignatureOfTheDomainAboveTheHost() throws IOException {
        String text = "From: MAILER-DAEMON@mail.example.org\nSubject: Undelivered\n\nSorry.\n";
        QueueEntry entry = field.entry(false, text, "x@example.net");
        Envelope report =
                new Envelope(
                        Optional.empty(),
                        Envelope.Body.SEVEN_BIT,
                        false,
                        entry.envelope().source().own());
        Note note = send(with(entry, report, new Action.Relay())).orElseThrow();
        assertThat(note.reason()).startsWith("d=example.org ");
        passes(2);
    }

    @Test
    void aLostKeyCostsTheSignatureOnly() throws IOException {
        field.keys.retire(keyOf('r'));
        assertThat(send(field.entry(true, TEXT, "x@example.net")).orElseThrow().reason())
                .matches("d=example.org s=m\\d{6}e");
        passes(1);
        Files.delete(field.key);
        Outbound outbound = field.reopened().outbound();
        Note note = send(outbound, field.entry(true, TEXT, "x@example.net")).orElseThrow();
        assertThat(note.outcome()).isEqualTo("not signed");
        assertThat(note.reason()).contains("cannot be used", "is missing");
        assertThat(remote.message()).startsWith("From:").endsWith("Hello\r\n");
    }

    private KeyName keyOf(char letter) {
        return field.keys.of(OWN).stream()
                .map(DkimKey::name)
                .filter(it -> it.selector().indexOf(letter) > 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMessageIsSignedOnceForAllSites() throws IOException {
        Outbound outbound = field.outbound();
        QueueEntry entry = field.entry(true, TEXT, "x@example.net");
        send(outbound, entry);
        String first = remote.message();
        send(outbound, entry);
        assertThat(remote.message()).isEqualTo(first);
        assertThat(field.signings).hasValue(1);
        field.keys.rotate(OWN, Pace.PATIENT);
        send(outbound, entry);
        assertThat(field.signings).hasValue(2);
        assertThat(remote.message()).isNotEqualTo(first).contains("e2;", "r2;");
        passes(2);
    }

    @Test
    void whoWroteItMustBeClear() throws IOException {
        QueueEntry nobody = field.entry(true, "Subject: s\n\nx\n", "x@example.net");
        assertThat(send(nobody)).contains(new Note("not signed", "there is no From field"));
        String twice = "From: anna@example.org\n" + TEXT;
        assertThat(send(field.entry(true, twice, "x@example.net")))
                .contains(new Note("not signed", "it is not clear who wrote it"));
        for (String other :
                List.of("From: The Boss\n" + TEXT, "\u0001From: boss@bank.example\n" + TEXT)) {
            assertThat(send(field.entry(true, other, "x@example.net")))
                    .as(other)
                    .contains(new Note("not signed", "it is not clear who wrote it"));
        }
        String stray = TEXT.replace("From: Anna <", "From: Anna the <first> <");
        assertThat(send(field.entry(true, stray, "x@example.net")).orElseThrow().outcome())
                .isEqualTo("signed");
        String two = TEXT.replace("From: ", "From: bob@example.org, ");
        assertThat(send(field.entry(true, two, "x@example.net")).orElseThrow().outcome())
                .isEqualTo("signed");
        passes(2);
    }

    @Test
    void lmtpIsNotTheWorld() throws IOException {
        Remote lmtp = field.remote("speaks LMTP");
        field.route("*", "lmtp://127.0.0.1:" + lmtp.port());
        assertThat(send(field.entry(true, TEXT, "x@example.net"))).isEmpty();
        assertThat(lmtp.message()).startsWith("From:");
    }
}
