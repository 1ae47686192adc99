package mansio.serve.dnscheck;

import mansio.net.dial.Dialer;
import mansio.net.dial.Target;
import mansio.net.dns.Authorities;
import mansio.net.dns.DnsName;
import mansio.net.dns.Resolver;
import mansio.net.time.Time;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.dnsbl.BlockLists.Health;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.psl.PublicSuffixes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what the world sees of a server and its domains, through the resolver and at the name
 * servers, and compares it with what should be there. Nothing is thrown for what happens on the
 * network. Safe for use by any thread; it blocks.
 */
public final class DnsCheck {
    /** For all questions of one look, and more for each record: a server may have many domains. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration FOR_A_RECORD = Duration.ofSeconds(2);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAIL_PORT = 25;

    private final World world;

    /**
     * What is asked.
     *
     * @param resolver as mail servers have it
     * @param authority answers for what is published, such as {@code Authorities}
     * @param servers of which each name server is asked; empty: they are not compared
     */
    public record World(
            Resolver resolver,
            Resolver authority,
            Dialer dialer,
            Time time,
            Optional<Authorities> servers) {
        /** Without a comparison of the name servers. */
        public World(Resolver resolver, Resolver authority, Dialer dialer, Time time) {
            this(resolver, authority, dialer, time, Optional.empty());
        }
    }

    /**
     * What should be there.
     *
     * @param lists that are asked whether they list us
     * @param probe a host whose port 25 is tried; empty: none is
     */
    public record Expected(
            Presence server,
            List<AdvisedRecord> records,
            List<BlockList> lists,
            Optional<Probe> probe) {
        public Expected {
            records = List.copyOf(records);
            lists = List.copyOf(lists);
        }
    }

    /**
     * Where to try whether mail may leave.
     *
     * @param host a name or an address
     * @param port 25 where it is to tell something
     */
    public record Probe(String host, int port) {
        /** With the port that mail uses. */
        public static Probe at(String host) {
            return new Probe(host, MAIL_PORT);
        }
    }

    public DnsCheck(World world) {
        this.world = world;
    }

    /** Looks at everything: the server, the records in their order, the name servers. */
    public List<Item> of(Expected expected) {
        Survey survey = survey(expected);
        List<Item> resolved = survey.with(look(world.resolver(), expected));
        List<Item> published = survey.with(look(atAuthority(expected), expected));
        List<Item> items = new ArrayList<>(Comparison.of(resolved, published));
        items.removeIf(it -> it.findings().isEmpty() && isForLater(it, expected));
        Look look = look(world.resolver(), expected);
        items.addAll(1, listings(expected, look));
        items.add(1, port(expected.probe(), look));
        world.servers()
                .map(it -> ServerJudge.of(it, expected.records(), look(world.resolver(), expected)))
                .ifPresent(items::addAll);
        return items;
    }

    /** An advised record, and what there is of it. */
    public record Judged(AdvisedRecord record, Item item) {}

    /** Looks at the records alone, once and as one resolver shows them; in their order. */
    public List<Judged> records(Expected expected, Resolver resolver) {
        List<Item> items = survey(expected).with(look(resolver, expected));
        List<Judged> judged = new ArrayList<>();
        for (AdvisedRecord record : expected.records()) {
            judged.add(new Judged(record, items.get(judged.size() + 1))); // After the EHLO name.
        }
        return judged;
    }

    private static Survey survey(Expected expected) {
        return new Survey(
                expected.server(),
                expected.records(),
                PublicSuffixes.bundled(PublicSuffixes.Sections.ICANN_AND_PRIVATE));
    }

    private static boolean isForLater(Item item, Expected expected) {
        return expected.records().stream()
                .filter(it -> it.weight() == AdvisedRecord.Weight.LATER)
                .anyMatch(it -> it.name().equals(item.name()) && it.type().equals(item.type()));
    }

    private Look look(Resolver resolver, Expected expected) {
        return new Look(resolver, world.time(), world.time().deadline(patience(expected)));
    }

    /** For all questions of one look. */
    public static Duration patience(Expected expected) {
        return PATIENCE.plus(FOR_A_RECORD.multipliedBy(expected.records().size()));
    }

    /** Names of others, such as those that an SPF record includes, are left to the resolver. */
    private Resolver atAuthority(Expected expected) {
        List<DnsName> ours = new ArrayList<>();
        ours.add(DnsName.of(expected.server().hostname()));
        expected.records().forEach(it -> DnsName.tryParse(it.name()).ifPresent(ours::add));
        return (question, deadlineNanos) -> {
            boolean own = ours.stream().anyMatch(question.name()::isWithin);
            Resolver asked = own ? world.authority() : world.resolver();
            return asked.lookup(question, deadlineNanos);
        };
    }

    private List<Item> listings(Expected expected, Look look) {
        if (expected.lists().isEmpty()) {
            Sheet sheet = new Sheet("-", "LISTS", "");
            sheet.optional(
                    Mistake.LIST_CANNOT_BE_ASKED,
                    "no block list was asked: name some in the configuration ([[blocklist]])");
            return List.of(sheet.item());
        }
        BlockLists asker = new BlockLists(world.resolver());
        List<BlockList> working = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (BlockList list : expected.lists()) {
            Health health = asker.test(list, look.deadlineNanos());
            if (health == Health.WORKING) working.add(list);
            else silent.add(list.name() + " tells us nothing: " + words(health));
        }
        List<Item> items = new ArrayList<>();
        for (InetAddress address : expected.server().addresses()) {
            Sheet sheet = new Sheet(Mailing.text(address), "LISTS", "");
            ListEvidence evidence =
                    asker.check(
                            working,
                            address,
                            List.of(expected.server().hostname()),
                            look.deadlineNanos());
            for (ListEvidence.Listing listing : evidence.listings()) {
                listed(sheet, listing);
            }
            evidence.notes()
                    .forEach(
                            it ->
                                    sheet.unknown(
                                            Mistake.LIST_CANNOT_BE_ASKED,
                                            it.list() + ": " + it.text()));
            silent.forEach(it -> sheet.unknown(Mistake.LIST_CANNOT_BE_ASKED, it));
            items.add(sheet.item());
        }
        return items;
    }

    private static void listed(Sheet sheet, ListEvidence.Listing listing) {
        sheet.there(List.of(listing.list().name() + " " + listing.answer()));
        String text =
                "%s lists %s%s"
                        .formatted(
                                listing.list().name(),
                                listing.subject(),
                                listing.reason().isEmpty() ? "" : ": " + listing.reason());
        if (listing.code().action() == BlockList.Action.TRUST) {
            sheet.note(Mistake.LISTED, text + " (as one to be trusted)");
            return;
        }
        sheet.wrong(Mistake.LISTED, text);
        sheet.paste(
                "Find the cause first, then ask %s to take %s off its list"
                        .formatted(listing.list().zone(), listing.subject()));
    }

    private static String words(Health health) {
        return switch (health) {
            case WORKING -> "works";
            case SILENT -> "it does not list even its test entry";
            case LISTS_ALL -> "it lists everybody";
            case REFUSES -> "it refuses to answer this resolver";
            case UNREACHABLE -> "it cannot be asked now";
        };
    }

    private Item port(Optional<Probe> probe, Look look) {
        Sheet sheet = new Sheet(probe.map(Probe::host).orElse("-"), "PORT 25", "");
        if (probe.isEmpty()) {
            sheet.optional(
                    Mistake.PORT_25_NOT_TRIED,
                    "whether mail may leave was not tried: name a host that takes mail with"
                            + " --probe");
            return sheet.item();
        }
        Optional<List<InetAddress>> addresses =
                literal(probe.get().host())
                        .map(List::of)
                        .or(() -> look.addresses(probe.get().host()));
        if (addresses.isEmpty() || addresses.get().isEmpty()) {
            sheet.unknown("no address of " + probe.get().host() + " was found");
            return sheet.item();
        }
        List<String> failures = new ArrayList<>();
        for (InetAddress address : addresses.get().stream().limit(2).toList()) {
            Optional<String> failure = failure(address, probe.get());
            if (failure.isEmpty()) {
                sheet.there(List.of("a connection to " + Mailing.text(address)));
                return sheet.item();
            }
            failures.add(Mailing.text(address) + ": " + failure.get());
        }
        sheet.wrong(
                Mistake.PORT_25_BLOCKED,
                "no connection to port %d of %s (%s)"
                        .formatted(
                                probe.get().port(),
                                probe.get().host(),
                                String.join("; ", failures)));
        sheet.paste(
                "To the provider: please open outgoing TCP port 25 for our server; or send by a"
                        + " relay: mansio route add '*' smtp://RELAY:587 --user NAME");
        return sheet.item();
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> failure(InetAddress address, Probe probe) {
        Target target =
                new Target(
                        new InetSocketAddress(address, probe.port()),
                        probe.host(),
                        Target.Trust.ANY);
        try (var _ = world.dialer().dial(target, world.time().deadline(CONNECT))) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The worst of all: what a program that asked is to go by. */
    public static Verdict verdict(List<Item> items) {
        return items.stream().map(Item::verdict).reduce(Verdict.GOOD, Verdict::and);
    }
}
