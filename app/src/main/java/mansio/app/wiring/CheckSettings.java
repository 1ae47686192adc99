package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Checking;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;
import mansio.net.dns.Resolver;
import mansio.net.listen.Sockets;
import mansio.serve.checks.Checks;
import mansio.serve.dmarcreports.ReportSender;
import mansio.serve.dmarcreports.SenderSettings;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.InboundPolicy;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.serve.inbound.ReflectorSettings;
import mansio.serve.rehearsal.Rehearser;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.config.Config;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockList.Action;
import mansio.trust.dnsbl.BlockList.Subject;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.dnsbl.CodePattern;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfLimits;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How mail from other servers is checked: from the configuration to the rooms that do it. */
final class CheckSettings {
    /** Somebody waits for what is found about a test message. */
    private static final Duration REHEARSAL = Duration.ofSeconds(10);

    private CheckSettings() {}

    static Checking of(Config config) throws IOException {
        Config.Checks checks = config.checks();
        InboundPolicy policy =
                new InboundPolicy(
                        switch (checks.dmarc()) {
                            case ENFORCE -> Measure.REFUSE;
                            case JUNK -> Measure.JUNK;
                            case NOTE -> Measure.NOTE;
                        },
                        measure(checks.spfFail()),
                        measure(checks.reverseName()),
                        measure(checks.unclearFrom()),
                        switch (checks.temporary()) {
                            case DEFER -> Measure.DEFER;
                            case ACCEPT -> Measure.NOTE;
                        },
                        new InboundPolicy.Weights(checks.junkWeight(), checks.refuseWeight()),
                        new InboundPolicy.Trust(
                                Set.copyOf(checks.trustedSealers()), checks.exempt()));
        return new Checking(
                policy, checks.deadline(), lists(config), reflector(config.reflector()));
    }

    private static Optional<ReflectorSettings> reflector(Config.Reflector reflector)
            throws IOException {
        if (reflector.perHour() == 0) return Optional.empty();
        try {
            return Optional.of(
                    new ReflectorSettings(
                            LocalPart.parse(reflector.localPart()),
                            reflector.perSender(),
                            reflector.perHour()));
        } catch (SyntaxException e) {
            throw new IOException(
                    "reflector.local_part is nothing that can stand before the @: "
                            + reflector.localPart(),
                    e);
        }
    }

    static List<BlockList> lists(Config config) throws IOException {
        List<BlockList> lists = new ArrayList<>();
        for (Config.Blocklist list : config.blocklist()) lists.add(list(list));
        return lists;
    }

    private static BlockList list(Config.Blocklist list) throws IOException {
        Action action =
                switch (list.action()) {
                    case WEIGH, NOTE -> Action.WEIGH;
                    case JUNK -> Action.QUARANTINE;
                    case REFUSE -> Action.REJECT;
                    case TRUST -> Action.TRUST;
                };
        int weight = list.action() == Config.ListAction.WEIGH ? list.weight() : 0;
        Subject subject =
                switch (list.of()) {
                    case ADDRESS -> Subject.ADDRESS;
                    case DOMAIN -> Subject.DOMAIN;
                };
        DnsName zone = DnsName.of(list.zone());
        BlockList all = BlockList.simple(zone, subject, action, weight);
        List<BlockList.Code> codes = new ArrayList<>();
        for (String answer : list.answers()) {
            try {
                CodePattern pattern = CodePattern.parse(answer);
                codes.add(new BlockList.Code(pattern, "listed", action, weight));
            } catch (SyntaxException e) {
                throw new IOException(
                        "blocklist "
                                + list.zone()
                                + ": the answer "
                                + answer
                                + ": "
                                + e.getMessage(),
                        e);
            }
        }
        return new BlockList(all.name(), zone, subject, codes, all.otherwise());
    }

    private static Measure measure(Config.Measure measure) {
        return switch (measure) {
            case NOTE -> Measure.NOTE;
            case JUNK -> Measure.JUNK;
            case REFUSE -> Measure.REFUSE;
        };
    }

    /** Without a way to the DNS nothing is checked. */
    static Optional<Checks> checks(ServerFacts facts, State state, Machine machine) {
        return state.internet()
                .map(Internet::resolver)
                .map(it -> checks(facts.hostname(), facts.checking(), it, machine));
    }

    static Checks checks(Domain hostname, Checking checking, Resolver resolver, Machine machine) {
        PublicSuffixes suffixes = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
        Surroundings around =
                new Surroundings(resolver, machine.time(), machine.threads(), machine.crypto());
        return new Checks(
                new Checks.Tools(
                        new Spf(resolver, machine.time(), SpfLimits.STANDARD, hostname),
                        new Iprev(resolver),
                        around,
                        new Dmarc(resolver, Discovery.TREE_WALK, suffixes, machine.random()),
                        suffixes,
                        new Checks.Lists(new BlockLists(resolver), checking.lists())),
                checking.deadline());
    }

    /** Who sends test messages into this server; nobody without a way out. */
    static Optional<Rehearser> rehearser(
            ServerFacts facts, State state, Inbound inbound, Sockets sockets, Machine machine) {
        if (state.internet().isEmpty() || state.outbound().isEmpty()) return Optional.empty();
        Resolver resolver = state.internet().get().resolver();
        Checking usual = facts.checking();
        Duration limit = usual.deadline().compareTo(REHEARSAL) < 0 ? usual.deadline() : REHEARSAL;
        Checking hurried = new Checking(usual.policy(), limit, usual.lists());
        return Optional.of(
                new Rehearser(
                        new Rehearser.Rooms(inbound, state.outbound().get(), state.directory()),
                        () -> {
                            Resolver now = resolver.fresh();
                            return new Rehearser.World(
                                    now,
                                    checks(facts.hostname(), hurried, now, machine),
                                    !usual.lists().isEmpty());
                        },
                        new Rehearser.Around(
                                sockets, machine.time(), machine.threads(), machine.random()),
                        new Rehearser.Settings(
                                facts.hostname(), facts.trust().senders() == Senders.ANY)));
    }

    /** Who sends DMARC reports; nobody without a way to the DNS, or where none are wanted. */
    static Optional<ReportSender> reports(ServerFacts facts, State state, Machine machine) {
        if (!facts.reporting().send()) return Optional.empty();
        PublicSuffixes suffixes = PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE);
        return state.internet()
                .map(Internet::resolver)
                .map(
                        resolver ->
                                new ReportSender(
                                        new ReportSender.Kept(
                                                state.reports().observations(),
                                                state.reports().owed(),
                                                state.directory(),
                                                state.queue(),
                                                state.stories(),
                                                state.store().blobs()),
                                        new ReportDestinations(
                                                resolver, Discovery.TREE_WALK, suffixes),
                                        new SenderSettings(
                                                facts.hostname(), facts.reporting().from()),
                                        machine.time()));
    }
}
