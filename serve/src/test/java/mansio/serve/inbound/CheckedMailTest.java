package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.net.dns.DnsName;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.config.Network;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.Route;
import mansio.state.directory.StoredDirectory;
import mansio.state.dmarcstore.Observations;
import mansio.state.dmarcstore.OwedReport;
import mansio.state.dmarcstore.OwedReports;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Action;
import mansio.state.queue.Courier;
import mansio.state.queue.Envelope;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.rewrite.Rewrites;
import mansio.state.store.ContentReader;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.trust.arc.ArcSealing;
import mansio.trust.arc.ArcState;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockList.Subject;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Message, zone and policy, and what becomes of it: each branch of the judgement about mail from
 * other servers, with the real checks over a DNS in memory.
 */
class CheckedMailTest {
    private static final String HOST = "192.0.2.1";
    private static final String STRANGER = "198.51.100.9";
    private static final KeyMaterial KEY = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);

    private static final String BODY = "Subject: hi\r\n\r\nHello\r\n";

    private final Time time = new SystemTime();
    private final Random random = new Random(7);
    private final VirtualThreads threads = new VirtualThreads();
    private final Store store =
            new Stores(new Surroundings(time, threads, random, (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final FakeDns dns = new FakeDns(time, random);
    private final OwedReports owed = new OwedReports(store.partition(PartitionId.REPORTS));
    private final Observations observations = new Observations(owed, time);
    private InboundPolicy policy = InboundPolicy.USUAL;
    private Forwarding forwarding = Forwarding.USUAL;
    private String helo = "mx.good.com";
    private List<BlockList> lists = List.of();
    private StoredDirectory directory;
    private Queue queue;

    @BeforeEach
    void world() throws IOException {
        directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, random),
                        PasswordSettings.DEFAULT,
                        random);
        DirectoryEditor editor = new DirectoryEditor(directory, maker, time, random);
        done(editor.addDomain(Domain.parse("example.org")));
        done(editor.addAccount(Address.parse("anna@example.org"), Optional.empty()));
        done(
                new AliasEditor(directory)
                        .add(
                                new AliasInfo(
                                        Address.parse("far@example.org"),
                                        List.of(Address.parse("carl@else.example")))));
        Courier absent =
                (_, _, _) -> {
                    throw new IOException("what was accepted stays in the queue to be looked at");
                };
        queue = new Queue(store, 1, absent, new Queue.Around(time, threads));
        dns.zone("com.", "com. SOA ns. h. 1 1 1 1 300\n");
        dns.zone("arpa.", "1.2.0.192.in-addr.arpa. PTR mx.good.com.\n");
        dns.zone(
                "good.com.",
                """
                good.com. SOA ns. h. 1 1 1 1 300
                good.com. TXT "v=spf1 ip4:192.0.2.1 -all"
                mx.good.com. A 192.0.2.1
                s._domainkey.good.com. TXT "%s"
                """
                        .formatted(KEY.record()));
        dns.zone(
                "strict.com.",
                """
                strict.com. SOA ns. h. 1 1 1 1 300
                _dmarc.strict.com. TXT "v=DMARC1; p=reject"
                s._domainkey.strict.com. TXT "%s"
                """
                        .formatted(KEY.record()));
        dns.zone(
                "mild.com.",
                "mild.com. SOA ns. h. 1 1 1 1 300\n"
                        + "_dmarc.mild.com. TXT \"v=DMARC1; p=quarantine\"\n");
    }

    @AfterEach
    void close() {
        queue.close();
        store.close();
    }

    private static <T> void done(mansio.state.directory.Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(mansio.state.directory.Outcome.Done.class);
    }

    /** Who brings a message to whom. */
    private record Way(String client, String path, String to) {
        static Way of(String client, String path) {
            return new Way(client, path, "anna@example.org");
        }

        Way to(String other) {
            return new Way(client, path, other);
        }
    }

    private Outcome receive(Way way, String message) throws IOException {
        PublicSuffixes suffixes = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
        Checks checks =
                new Checks(
                        new Checks.Tools(
                                new Spf(
                                        dns,
                                        time,
                                        SpfLimits.STANDARD,
                                        Domain.parse("mx.example.org")),
                                new Iprev(dns),
                                new mansio.trust.dkim.Surroundings(
                                        dns, time, threads, Crypto.jdk()),
                                new Dmarc(dns, Discovery.TREE_WALK, suffixes, random),
                                suffixes,
                                new Checks.Lists(new BlockLists(dns), lists)),
                        Duration.ofSeconds(20));
        InboundSettings settings =
                new InboundSettings(
                        "mx.example.org",
                        1_000_000,
                        forwarding,
                        policy,
                        Optional.of(new ReflectorSettings(LocalPart.parse("check"), 9, 9)));
        Inbound inbound =
                new Inbound(
                        new Inbound.Places(
                                queue,
                                store.blobs(),
                                directory,
                                directory.returnPaths(),
                                Rewrites.open(store.partition(PartitionId.DIRECTORY), directory),
                                Optional.of(checks),
                                Optional.of(observations)),
                        time,
                        random,
                        settings);
        Envelope.Source source =
                new Envelope.Source(way.client, helo, "ESMTP", Optional.empty(), "s1");
        Optional<Address> path =
                Optional.of(way.path).filter(it -> !it.isEmpty()).map(Address::parse);
        Address to = Address.parse(way.to);
        Transaction transaction =
                new Transaction(
                        new Envelope(path, Envelope.Body.EIGHT_BIT_MIME, false, source),
                        new Origin.Outside(),
                        List.of(new RoutedRecipient(to, route(inbound, path, to))),
                        Optional.empty());
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try (Reception reception = inbound.begin(transaction)) {
            for (int at = 0; at < bytes.length; at += 100) {
                reception.write(bytes, at, Math.min(100, bytes.length - at));
            }
            Outcome outcome = reception.finish();
            Explanation replayed =
                    new Replay(checks, settings)
                            .explain(
                                    new Client(InetAddress.ofLiteral(way.client), helo, path),
                                    bytes,
                                    transaction.recipients());
            compare(outcome, replayed);
            return outcome;
        }
    }

    /** As RCPT finds it. */
    private Route route(Inbound inbound, Optional<Address> path, Address to) throws IOException {
        Route route = directory.route(to);
        return route instanceof Route.NoSuchUser && inbound.reflects(new Origin.Outside(), path, to)
                ? new Route.Reflector()
                : route;
    }

    /** The replay says of each message of these tests what became of it. */
    private void compare(Outcome outcome, Explanation replayed) throws IOException {
        switch (outcome) {
            case Outcome.Refused(Refusal refusal) ->
                    assertThat(replayed.refusal()).contains(refusal);
            case Outcome.Accepted _ -> {
                assertThat(replayed.refusal()).isEmpty();
                boolean answer = last().recipients().getFirst().action() instanceof Action.Relay;
                if (!answer) assertThat(content()).startsWith(replayed.field());
                boolean junk =
                        last().recipients().getFirst().action() instanceof Action.Deliver deliver
                                && deliver.placing() == Action.Placing.JUNK;
                assertThat(replayed.fates().getFirst().end())
                        .isEqualTo(junk ? Explanation.End.JUNK : Explanation.End.TAKEN);
            }
        }
    }

    /** {@code INBOX}, {@code JUNK}, {@code -> address}, or code and status of the refusal. */
    private String verdict(Way way, String message) throws IOException {
        return switch (receive(way, message)) {
            case Outcome.Refused(Refusal refusal) -> refusal.code() + " " + refusal.status();
            case Outcome.Accepted _ ->
                    switch (last().recipients().getFirst().action()) {
                        case Action.Deliver deliver -> deliver.placing().name();
                        case Action.Forward forward -> "-> " + forward.to();
                        case Action.Relay _ -> "relay";
                    };
        };
    }

    private QueueEntry last() throws IOException {
        return queue.list(Queue.FIRST, 100).getLast();
    }

    private String content() throws IOException {
        QueueEntry entry = last();
        ContentReader in = new ContentReader(store.blobs(), entry.content());
        byte[] bytes = new byte[(int) entry.content().length()];
        int at = 0;
        while (at < bytes.length) at += in.read(bytes, at, bytes.length - at);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String from(String author) {
        return "From: " + author + "\r\n" + BODY;
    }

    private String signed(String domain, String message) {
        DkimSigning signing =
                new DkimSigning(
                        Crypto.jdk(),
                        time,
                        List.of(KEY.signingKey(Domain.parse(domain), "s", Crypto.jdk())),
                        SigningOptions.DEFAULT);
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(signing));
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        pass.feed(bytes, 0, bytes.length);
        pass.end();
        return new String(signing.fields(), StandardCharsets.UTF_8) + message;
    }

    @Test
    void goodMailArrivesAndSaysWhatWasChecked() throws IOException {
        String message = signed("good.com", from("bob@good.com"));
        assertThat(verdict(Way.of(HOST, "bob@good.com"), message)).isEqualTo("INBOX");
        String content = content();
        assertThat(content).startsWith("Authentication-Results: mx.example.org;").endsWith(message);
        String results = content.substring(0, content.indexOf("\r\nReceived:"));
        assertThat(results.replaceAll("\\s+", " "))
                .contains("iprev=pass policy.iprev=192.0.2.1")
                .contains("spf=pass smtp.mailfrom=bob@good.com")
                .contains("dkim=pass header.d=good.com header.s=s header.a=ed25519-sha256")
                .contains("dmarc=none");
        assertThat(last().envelope().source().right()).isEqualTo(Envelope.Right.VERIFIED);
    }

    @Test
    void theReflectorAnswersOnlyWhoIsKnownAndNoMachine() throws IOException {
        Way way = Way.of(HOST, "bob@good.com").to("check@example.org");
        assertThat(verdict(way, from("bob@good.com"))).isEqualTo("relay");
        assertThat(content()).contains("To: <bob@good.com>", "spf pass");
        assertThat(last().envelope().reversePath()).isEmpty();
        for (String field :
                List.of(
                        "Auto-Submitted: auto-replied",
                        "Precedence: bulk",
                        "List-Id: <friends.good.com>")) {
            assertThat(verdict(way, field + "\r\n" + from("bob@good.com")))
                    .as(field)
                    .isEqualTo("550 5.7.1");
        }
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("550 5.7.26");
        Way stranger = Way.of(STRANGER, "bob@good.com").to("check@example.org");
        assertThat(verdict(stranger, from("bob@good.com"))).isEqualTo("550 5.7.26");
        String signed = signed("good.com", from("bob@good.com"));
        Way other = Way.of(STRANGER, "x@nobody.com").to("check@example.org");
        assertThat(verdict(other, signed)).isEqualTo("550 5.7.26");
        assertThat(queue.list(Queue.FIRST, 100)).hasSize(1);
    }

    /** A signed message may come again from anywhere, with the path of somebody else there. */
    @Test
    void theReflectorAnswersNobodyBesideTheAuthor() throws IOException {
        String signed = signed("good.com", from("bob@good.com"));
        Way again = Way.of(STRANGER, "victim@good.com").to("check@example.org");
        assertThat(verdict(again, signed)).isEqualTo("550 5.7.26");
        assertThat(queue.list(Queue.FIRST, 100)).isEmpty();
        Way own = Way.of(STRANGER, "bob@good.com").to("check@example.org");
        assertThat(verdict(own, signed)).isEqualTo("relay");
        dns.behave("good.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(verdict(again, signed)).startsWith("451");
    }

    @Test
    void dmarcDoesWhatTheOwnerAsks() throws IOException {
        Way way = Way.of(HOST, "bob@good.com");
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("550 5.7.20");
        assertThat(verdict(Way.of(STRANGER, "x@nobody.com"), from("ceo@strict.com")))
                .isEqualTo("550 5.7.26");
        assertThat(verdict(way, signed("good.com", from("ceo@strict.com"))))
                .isEqualTo("550 5.7.22");
        assertThat(verdict(way, from("ceo@mild.com"))).isEqualTo("JUNK");
        assertThat(verdict(way, signed("strict.com", from("ceo@strict.com")))).isEqualTo("INBOX");
        String changed = signed("strict.com", from("ceo@strict.com")).replace("Hello", "Hallo");
        assertThat(verdict(way, changed)).isEqualTo("550 5.7.20");
    }

    @Test
    void whoWantsReportsIsToldWhatWasDone() throws IOException {
        dns.zone(
                "told.com.",
                """
                told.com. SOA ns. h. 1 1 1 1 300
                _dmarc.told.com. TXT "v=DMARC1; p=reject; rua=mailto:r@told.com"
                s._domainkey.told.com. TXT "%s"
                """
                        .formatted(KEY.record()));
        Way way = Way.of(HOST, "bob@good.com");
        assertThat(verdict(way, signed("told.com", from("ceo@told.com")))).isEqualTo("INBOX");
        assertThat(verdict(way, from("ceo@told.com"))).isEqualTo("550 5.7.20");
        policy = with(Measure.JUNK, Measure.JUNK, Measure.NOTE);
        assertThat(verdict(way, from("ceo@told.com"))).isEqualTo("JUNK");
        // Nobody asks, and reports themselves are not told of.
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("JUNK");
        Way reports = new Way(HOST, "bob@good.com", "dmarc-reports@example.org");
        assertThat(verdict(reports, from("ceo@told.com"))).isEqualTo("JUNK");
        observations.flush();
        List<OwedReport> all = owed.over(time.now().plus(Duration.ofDays(1)), Optional.empty());
        assertThat(all).hasSize(1);
        List<Row> rows = owed.rows(all.getFirst());
        assertThat(rows)
                .extracting(Row::disposition)
                .containsExactlyInAnyOrder(Policy.NONE, Policy.REJECT, Policy.QUARANTINE);
        Row passed = rows.stream().filter(Row::passed).findFirst().orElseThrow();
        assertThat(passed.source().getHostAddress()).isEqualTo(HOST);
        assertThat(passed.dkim()).containsExactly(new Dkim("told.com", "s", AuthResult.PASS, ""));
        assertThat(passed.spf())
                .containsExactly(new AggregateReport.Spf("good.com", Scope.MFROM, AuthResult.PASS));
        assertThat(passed.identifiers()).isEqualTo(new Identifiers("", "good.com", "told.com"));
        Row junk =
                rows.stream()
                        .filter(it -> it.disposition() == Policy.QUARANTINE)
                        .findFirst()
                        .orElseThrow();
        assertThat(junk.reasons()).containsExactly(new Reason(ReasonType.LOCAL_POLICY, ""));
    }

    @Test
    void thePolicyMayAskForLess() throws IOException {
        Way way = Way.of(STRANGER, "x@nobody.com");
        policy = with(Measure.JUNK, Measure.JUNK, Measure.NOTE);
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("JUNK");
        policy = with(Measure.NOTE, Measure.JUNK, Measure.NOTE);
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("INBOX");
    }

    private static InboundPolicy with(Measure dmarc, Measure spf, Measure name) {
        InboundPolicy usual = InboundPolicy.USUAL;
        return new InboundPolicy(
                dmarc,
                spf,
                name,
                usual.unclearFrom(),
                usual.temporary(),
                usual.lists(),
                usual.trust());
    }

    @Test
    void spfCountsWhereNothingElseSpeaks() throws IOException {
        Way forged = Way.of(STRANGER, "bob@good.com");
        assertThat(verdict(forged, from("bob@good.com"))).isEqualTo("JUNK");
        assertThat(verdict(forged, signed("good.com", from("bob@good.com")))).isEqualTo("INBOX");
        policy = with(Measure.REFUSE, Measure.REFUSE, Measure.NOTE);
        assertThat(verdict(forged, from("bob@good.com"))).isEqualTo("550 5.7.23");
        policy = with(Measure.REFUSE, Measure.NOTE, Measure.NOTE);
        assertThat(verdict(forged, from("bob@good.com"))).isEqualTo("INBOX");
    }

    @Test
    void hostsWithoutANameAreNotedOrMore() throws IOException {
        Way way = Way.of(STRANGER, "x@nobody.com");
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("INBOX");
        assertThat(content()).contains("iprev=permerror");
        policy = with(Measure.REFUSE, Measure.JUNK, Measure.REFUSE);
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("550 5.7.25");
        policy = with(Measure.REFUSE, Measure.JUNK, Measure.JUNK);
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("JUNK");
    }

    @Test
    void whatCanBeReadInTwoWaysIsRefused() throws IOException {
        Way way = Way.of(HOST, "bob@good.com");
        for (String from :
                List.of(
                        "From: bob@good.com\r\nFrom: ceo@strict.com\r\n",
                        "From: bob@good.com, ceo@strict.com\r\n",
                        "From: group: bob@good.com;\r\n",
                        "From : bob@good.com\r\n",
                        "From: <@strict.com:bob@good.com>\r\n",
                        "From: =?utf-8?q?ceo=40strict.com?=\r\n",
                        "")) {
            assertThat(verdict(way, from + BODY)).as(from).startsWith("550 5.7.");
        }
        // Reports of some servers have no From.
        assertThat(verdict(Way.of(HOST, ""), BODY)).isEqualTo("JUNK");
    }

    @Test
    void whatCannotBeToldNowComesAgain() throws IOException {
        Way way = Way.of(STRANGER, "x@nobody.com");
        dns.behave("_dmarc.strict.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("451 4.4.3");
        policy = InboundPolicy.USUAL.waiting(Measure.NOTE);
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("INBOX");
        dns.behaveWell("_dmarc.strict.com.");
        policy = InboundPolicy.USUAL;
        dns.behave("s._domainkey.strict.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(verdict(way, signed("strict.com", from("ceo@strict.com"))))
                .isEqualTo("451 4.4.3");
    }

    @Test
    void whatMayVouchAnotherTimeIsWaitedForBeforeARefusal() throws IOException {
        policy = with(Measure.REFUSE, Measure.REFUSE, Measure.NOTE);
        Way forged = Way.of(STRANGER, "bob@good.com");
        String signed = signed("good.com", from("bob@good.com"));
        Behaviour fails = Behaviour.of(Behaviour.Kind.SERVFAIL);
        dns.behave("s._domainkey.good.com.", fails);
        assertThat(verdict(forged, signed)).isEqualTo("451 4.4.3");
        policy = trusting("good.com");
        String listed = throughAList("strict.com", "good.com", "pass");
        Way list = Way.of(HOST, "list@good.com");
        assertThat(verdict(list, listed)).isEqualTo("451 4.4.3");
        policy = InboundPolicy.USUAL;
        assertThat(verdict(list, listed)).startsWith("550 5.7.");
        dns.behaveWell("s._domainkey.good.com.");
        policy = trusting("good.com");
        assertThat(verdict(list, listed)).isEqualTo("INBOX");
    }

    @Test
    void postmasterIsAlwaysReachable() throws IOException {
        Way way = Way.of(STRANGER, "x@nobody.com").to("postmaster@example.org");
        assertThat(verdict(way, from("ceo@strict.com"))).isEqualTo("JUNK");
        assertThat(verdict(way.to("abuse@example.org"), from("ceo@strict.com"))).isEqualTo("JUNK");
    }

    @Test
    void exemptHostsAreNotedAbout() throws IOException {
        InboundPolicy usual = InboundPolicy.USUAL;
        policy =
                new InboundPolicy(
                        usual.dmarc(),
                        usual.spfFail(),
                        usual.reverseName(),
                        usual.unclearFrom(),
                        usual.temporary(),
                        usual.lists(),
                        new InboundPolicy.Trust(
                                Set.of(), List.of(Network.parse("198.51.100.0/24"))));
        assertThat(verdict(Way.of(STRANGER, "x@nobody.com"), from("ceo@strict.com")))
                .isEqualTo("INBOX");
        assertThat(content()).contains("dmarc=fail");
    }

    /** Signed where it was written, sealed where it was forwarded, changed on the way. */
    private String throughAList(String author, String sealer, String seen) {
        String changed =
                signed(author, from("ceo@" + author)).replace("Hello", "Hello\r\n-- the list");
        String results = sealer + "; dmarc=" + seen + " header.from=" + author;
        return sealed(changed, new ArcSealing.Seal(key(sealer), results, ArcState.NONE));
    }

    private static SigningKey key(String domain) {
        return KEY.signingKey(Domain.parse(domain), "s", Crypto.jdk());
    }

    private String sealed(String message, ArcSealing.Seal seal) {
        ArcSealing sealing = new ArcSealing(Crypto.jdk(), time, SigningOptions.DEFAULT, seal);
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(sealing));
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        pass.feed(bytes, 0, bytes.length);
        pass.end();
        return new String(sealing.fields(), StandardCharsets.UTF_8) + message;
    }

    @Test
    void nobodyVouchesForWhatAStrangerChangedBehindHim() throws IOException {
        dns.zone(
                "evil.com.",
                """
                evil.com. SOA ns. h. 1 1 1 1 300
                s._domainkey.evil.com. TXT "%s"
                """
                        .formatted(KEY.record()));
        policy = trusting("good.com");
        ArcSealing.Seal evil =
                new ArcSealing.Seal(key("evil.com"), "evil.com; arc=pass", ArcState.PASS);
        String listed = throughAList("strict.com", "good.com", "pass");
        Way way = Way.of(HOST, "list@good.com");
        assertThat(verdict(way, sealed(listed, evil))).isEqualTo("INBOX");
        String changed = sealed(listed.replace("the list", "send money"), evil);
        assertThat(verdict(way, changed)).isEqualTo("550 5.7.20");
    }

    @Test
    void aTrustedForwarderMayVouch() throws IOException {
        Way way = Way.of(HOST, "list@good.com");
        String passed = throughAList("strict.com", "good.com", "pass");
        assertThat(verdict(way, passed)).isEqualTo("550 5.7.20");
        policy = trusting("good.com");
        assertThat(verdict(way, passed)).isEqualTo("INBOX");
        assertThat(content().replaceAll("\\s+", " ")).contains("arc=pass header.d=good.com");
        assertThat(verdict(way, throughAList("strict.com", "good.com", "fail")))
                .isEqualTo("550 5.7.20");
        assertThat(verdict(way, passed.replace("the list", "a list"))).isEqualTo("550 5.7.20");
        policy = trusting("other.com");
        assertThat(verdict(way, passed)).isEqualTo("550 5.7.20");
    }

    private static InboundPolicy trusting(String sealer) {
        InboundPolicy usual = InboundPolicy.USUAL;
        return new InboundPolicy(
                usual.dmarc(),
                usual.spfFail(),
                usual.reverseName(),
                usual.unclearFrom(),
                usual.temporary(),
                usual.lists(),
                new InboundPolicy.Trust(Set.of(Domain.parse(sealer)), List.of()));
    }

    private static BlockList list(
            String zone, Subject subject, BlockList.Action action, int weight) {
        return BlockList.simple(DnsName.parse(zone), subject, action, weight);
    }

    @Test
    void listsAreWeighedOrDecide() throws IOException {
        dns.zone(
                "bl.com.",
                "bl.com. SOA ns. h. 1 1 1 1 300\n9.100.51.198.bl.com. A 127.0.0.2\n"
                        + "9.100.51.198.bl.com. TXT \"a bad neighbour\"\n"
                        + "nobody.com.bl.com. A 127.0.0.2\n");
        dns.zone("wl.com.", "wl.com. SOA ns. h. 1 1 1 1 300\n9.100.51.198.wl.com. A 127.0.0.2\n");
        Way way = Way.of(STRANGER, "x@nobody.com");
        BlockList refuse = list("bl.com", Subject.ADDRESS, BlockList.Action.REJECT, 0);
        lists = List.of(refuse);
        assertThat(receive(way, from("x@nobody.com")))
                .isEqualTo(
                        new Outcome.Refused(
                                new Refusal(
                                        550,
                                        "5.7.1",
                                        "198.51.100.9 is listed by bl.com: a bad neighbour")));
        assertThat(verdict(Way.of(HOST, "bob@good.com"), from("bob@good.com"))).isEqualTo("INBOX");
        lists = List.of(list("bl.com", Subject.ADDRESS, BlockList.Action.WEIGH, 4));
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("INBOX");
        assertThat(content()).contains("x-list=listed");
        lists =
                List.of(
                        list("bl.com", Subject.ADDRESS, BlockList.Action.WEIGH, 4),
                        list("bl.com", Subject.DOMAIN, BlockList.Action.WEIGH, 4));
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("JUNK");
        lists =
                List.of(
                        list("bl.com", Subject.ADDRESS, BlockList.Action.WEIGH, 6),
                        list("bl.com", Subject.DOMAIN, BlockList.Action.WEIGH, 6));
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("550 5.7.1");
        lists = List.of(refuse, list("wl.com", Subject.ADDRESS, BlockList.Action.TRUST, 0));
        assertThat(verdict(way, from("x@nobody.com"))).isEqualTo("INBOX");
    }

    @Test
    void onlyKnownAuthorsAreForwarded() throws IOException {
        Way known = Way.of(HOST, "bob@good.com").to("far@example.org");
        assertThat(verdict(known, from("bob@good.com"))).isEqualTo("-> carl@else.example");
        Way unknown = Way.of(STRANGER, "x@nobody.com").to("far@example.org");
        assertThat(verdict(unknown, from("x@nobody.com"))).isEqualTo("550 5.7.26");
        dns.behave("nobody.com.", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(verdict(unknown, from("x@nobody.com"))).isEqualTo("451 4.4.3");
        forwarding = new Forwarding(Forwarding.Outside.ALWAYS, Forwarding.Tags.NONE);
        dns.behaveWell("nobody.com.");
        assertThat(verdict(unknown, from("x@nobody.com"))).isEqualTo("-> carl@else.example");
    }

    @Test
    void forgedResultsAreCutAndNothingElse() throws IOException {
        String forged =
                "Authentication-Results: mx.example.org; dkim=pass\r\n"
                        + "Authentication-Results: other.example;\r\n\tdkim=pass\r\n"
                        + "Authentication-Results: MX.Example.ORG; spf=pass\r\n";
        String message = from("bob@good.com");
        assertThat(verdict(Way.of(HOST, "bob@good.com"), forged + message)).isEqualTo("INBOX");
        assertThat(content())
                .endsWith("Authentication-Results: other.example;\r\n\tdkim=pass\r\n" + message)
                .doesNotContain("MX.Example.ORG")
                .doesNotContain("mx.example.org; dkim=pass\r\n");
    }

    @Test
    void forgedResultsCannotHideBehindManyFields() throws IOException {
        Way postmaster = Way.of(HOST, "bob@good.com").to("postmaster@example.org");
        String forged = "Authentication-Results: mx.example.org; dkim=pass\r\n";
        String rest = forged + from("bob@good.com");
        assertThat(verdict(postmaster, "a:\r\n".repeat(4_990) + rest)).isEqualTo("INBOX");
        assertThat(content()).doesNotContain(forged);
        String many = "a:\r\n".repeat(5_000) + rest;
        assertThat(verdict(postmaster, many)).isEqualTo("552 5.3.4");
    }

    @Test
    void whatAHostCallsItselfMakesNoHeaderOfUtf8() throws IOException {
        helo = "mx.g\u00f6\u00f6d.com";
        assertThat(verdict(Way.of(HOST, ""), from("bob@good.com"))).isEqualTo("INBOX");
        assertThat(content()).contains("smtp.helo=mx.xn--gd-fkaa.com").isASCII();
    }
}
