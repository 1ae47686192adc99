package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.Recursor;
import mansio.net.dns.RootServers;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.dns.Validator;
import mansio.testkit.time.FakeTime;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** The walk from the root, through good zones and through those that were made to mislead it. */
class RecursorTest {
    private static final String ROOT = "192.0.2.1";

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(7));
    private final Town town = new Town();
    private final Exchange exchange =
            new Exchange(RecursorTest::root, town, time, new SplittableRandom(5));
    private final Recursor recursor = new Recursor(exchange, time, new SplittableRandom(3));
    private StubResolver resolver = new StubResolver(recursor);

    private static Upstreams root() {
        return new Upstreams(
                List.of(new InetSocketAddress(InetAddress.ofLiteral(ROOT), 53)),
                Duration.ofSeconds(2),
                2,
                false);
    }

    /**
     * Name servers, each with zones of its own: it refers to zones below and refuses others. What
     * it knows is in {@link #dns}.
     */
    private final class Town implements DnsTransport {
        /** Zones of an address. */
        final Map<String, List<String>> hosts = new LinkedHashMap<>();

        /** NS and A records that the zone above gives, as {@code ns.x.test. 192.0.2.7}. */
        final Map<String, List<String>> cuts = new LinkedHashMap<>();

        /** Who was asked for what. */
        final List<String> asked = new ArrayList<>();

        void zone(String zone, String... servers) {
            cuts.put(zone, List.of(servers));
            for (String server : servers) {
                String[] words = server.split(" ");
                if (words.length > 1) serve(words[1], zone);
            }
        }

        void serve(String address, String zone) {
            hosts.computeIfAbsent(address, _ -> new ArrayList<>()).add(zone);
        }

        @Override
        public byte[] datagram(
                InetSocketAddress server, byte[] query, Predicate<byte[]> wanted, long deadline)
                throws IOException {
            Message message = new Message(query);
            Record question = message.getQuestion();
            String host = server.getAddress().getHostAddress();
            String shown = Type.string(question.getType()) + " " + lower(question.getName());
            asked.add(host + " " + shown);
            assertThat(message.getHeader().getFlag(Flags.RD)).as("no recursion wanted").isFalse();
            Name zone = deepest(hosts.getOrDefault(host, List.of()), question);
            if (zone == null) return reply(message, Rcode.REFUSED).toWire();
            // The first one below.
            Name cut = question.getName();
            while (cut.labels() > zone.labels() && !isCut(cut, question, zone)) {
                cut = new Name(cut, 1);
            }
            for (Name at = cut; at.labels() > zone.labels(); at = new Name(at, 1)) {
                if (isCut(at, question, zone)) cut = at;
            }
            return cut.labels() <= zone.labels()
                    ? dns.datagram(server, query, wanted, deadline)
                    : referral(message, cut).toWire();
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadline)
                throws IOException {
            return dns.stream(server, query, deadline);
        }

        private boolean isCut(Name name, Record question, Name zone) {
            return name.subdomain(zone)
                    && cuts.containsKey(lower(name))
                    && !isAbove(question, name);
        }

        /** Who is above a zone has its DS records. */
        private static boolean isAbove(Record question, Name zone) {
            return question.getType() == Type.DS
                    && question.getName().equals(zone)
                    && !zone.equals(Name.root);
        }

        /** The deepest of these zones that has a name. */
        private static @Nullable Name deepest(List<String> zones, Record question)
                throws IOException {
            @Nullable Name best = null;
            for (String text : zones) {
                Name zone = Name.fromString(text);
                boolean has = question.getName().subdomain(zone) && !isAbove(question, zone);
                if (has && (best == null || zone.subdomain(best))) best = zone;
            }
            return best;
        }

        private Message referral(Message query, Name cut) throws IOException {
            Message reply = reply(query, Rcode.NOERROR);
            for (String server : cuts.get(lower(cut))) {
                String[] words = server.split(" ");
                Name name = Name.fromString(words[0]);
                reply.addRecord(new NSRecord(cut, DClass.IN, 300, name), Section.AUTHORITY);
                if (words.length > 1) {
                    InetAddress address = InetAddress.ofLiteral(words[1]);
                    reply.addRecord(new ARecord(name, DClass.IN, 300, address), Section.ADDITIONAL);
                }
            }
            return reply;
        }

        private static Message reply(Message query, int code) {
            Message reply = new Message(query.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setRcode(code);
            reply.addRecord(query.getQuestion(), Section.QUESTION);
            return reply;
        }

        private static String lower(Name name) {
            return name.toString().toLowerCase(java.util.Locale.ROOT);
        }
    }

    RecursorTest() {
        town.serve(ROOT, ".");
    }

    private Answer ask(String name, RecordType type) {
        return resolver.lookup(DnsName.parse(name), type, time.deadline(Duration.ofSeconds(20)));
    }

    private String verdict(String name, RecordType type) {
        return switch (ask(name, type)) {
            case Found found -> "Found " + found.security();
            case NoData no -> "NoData " + no.security();
            case NoSuchName no -> "NoSuchName " + no.security();
            case Failed failed -> failed.kind().name();
        };
    }

    private String address(String name) {
        return ask(name, RecordType.A) instanceof Found found
                ? found.of(DnsRecord.A.class).getFirst().address().getHostAddress()
                : verdict(name, RecordType.A);
    }

    private void village() {
        dns.zone(".", "nothing. TXT \"here\"\n");
        dns.zone("test.", "@ TXT \"top\"\n");
        dns.zone("good.test.", "mx A 192.0.2.80\nout CNAME mx.far.test.\n");
        dns.zone("far.test.", "mx A 192.0.2.90\n");
        town.zone("test.", "ns.test. 192.0.2.2");
        town.zone("good.test.", "ns.good.test. 192.0.2.3");
        town.zone("far.test.", "ns.good.test.");
        town.serve("192.0.2.3", "far.test.");
        dns.zone("good.test.", "mx A 192.0.2.80\nns A 192.0.2.3\nout CNAME mx.far.test.\n");
    }

    @Test
    void fromTheRootDownAndNextTimeFromTheZone() {
        village();
        assertThat(address("mx.good.test")).isEqualTo("192.0.2.80");
        assertThat(town.asked)
                .containsExactly(
                        "192.0.2.1 A mx.good.test.",
                        "192.0.2.2 A mx.good.test.",
                        "192.0.2.3 A mx.good.test.");
        town.asked.clear();
        assertThat(verdict("mx.good.test", RecordType.MX)).isEqualTo("NoData UNCHECKED");
        assertThat(verdict("no.good.test", RecordType.A)).isEqualTo("NoSuchName UNCHECKED");
        assertThat(verdict("no.test", RecordType.A)).isEqualTo("NoSuchName UNCHECKED");
        assertThat(verdict("no", RecordType.A)).isEqualTo("NoSuchName UNCHECKED");
        assertThat(town.asked)
                .containsExactly(
                        "192.0.2.3 MX mx.good.test.",
                        "192.0.2.3 A no.good.test.",
                        "192.0.2.2 A no.test.",
                        "192.0.2.1 A no.");
    }

    @Test
    void serversWithoutAnAddressAreLookedUp() {
        village();
        assertThat(address("mx.far.test")).isEqualTo("192.0.2.90");
    }

    @Test
    void aliasesLeadToOtherZones() {
        village();
        assertThat(address("out.good.test")).isEqualTo("192.0.2.90");
        assertThat(town.asked).contains("192.0.2.2 A mx.far.test.");
    }

    @Test
    void aliasesInACircleEnd() {
        village();
        dns.zone("good.test.", "a CNAME b.far.test.\nns A 192.0.2.3\n");
        dns.zone("far.test.", "b CNAME a.good.test.\n");
        assertThat(verdict("a.good.test", RecordType.A)).isEqualTo("CNAME_LOOP");
    }

    /** A server may say what it likes about its own zone, and nothing about others. */
    @Test
    void whatAServerCannotKnowIsLeftOut() {
        village();
        // One server has all zones, and would answer for each of them if it were asked.
        dns.zone("evil.test.", "x CNAME mx.good.test.\n");
        town.zone("evil.test.", "ns.evil.test. 192.0.2.66");
        dns.zone("good.test.", "mx A 192.0.2.80\nns A 192.0.2.3\n");
        assertThat(address("x.evil.test")).isEqualTo("192.0.2.80");
        assertThat(town.asked).contains("192.0.2.3 A mx.good.test.");
    }

    @Test
    void addressesOfServersInOtherZonesAreNotBelieved() {
        village();
        dns.zone("evil.example.", "x A 192.0.2.67\n");
        town.zone("evil.example.", "ns.evil.example. 192.0.2.66");
        // evil.example gives a server of good.test an address of its own.
        town.zone("sub.evil.example.", "ns.good.test. 192.0.2.67");
        dns.zone("sub.evil.example.", "x A 192.0.2.68\n");
        verdict("x.sub.evil.example", RecordType.A);
        assertThat(town.asked).contains("192.0.2.2 A ns.good.test.");
        assertThat(town.asked).noneMatch(it -> it.startsWith("192.0.2.67 "));
        assertThat(address("mx.good.test")).isEqualTo("192.0.2.80");
    }

    @Test
    void aZoneOfManyNamesAsksForFew() {
        dns.zone(".", "nothing. TXT \"here\"\n");
        dns.zone("evil.", "x A 192.0.2.1\n");
        dns.zone("victim.", "x A 192.0.2.1\n");
        String[] many = new String[13];
        for (int i = 0; i < many.length; i++) many[i] = "a" + i + ".victim.";
        town.zone("evil.", many);
        town.zone("victim.", "ns.victim. 192.0.2.9");
        assertThat(verdict("x.evil", RecordType.A)).isEqualTo("NETWORK");
        assertThat(town.asked.stream().filter(it -> it.startsWith("192.0.2.9 "))).hasSize(6);
        town.asked.clear();
        for (int i = 0; i < 20; i++) verdict("x" + i + ".evil", RecordType.A);
        assertThat(town.asked).as("not for each name again").isEmpty();
    }

    /** Each zone names servers in many others, which do so in turn. */
    @Test
    void treesOfZonesEnd() {
        dns.zone(".", "nothing. TXT \"here\"\n");
        for (int i = 0; i < 60; i++) {
            dns.zone("z" + i + ".", "x A 192.0.2.1\n");
            String[] servers = new String[10];
            for (int k = 0; k < servers.length; k++) {
                servers[k] = "ns" + k + ".z" + (i * 7 + k * 3 + 1) % 60 + ".";
            }
            town.zone("z" + i + ".", servers);
        }
        assertThat(ask("x.z0", RecordType.A)).isInstanceOf(Failed.class);
        assertThat(town.asked).hasSizeLessThanOrEqualTo(50);
    }

    @Test
    void ofManySilentServersFewAreAsked() {
        village();
        dns.zone("evil.test.", "x A 192.0.2.67\n");
        String[] servers = new String[13];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = "ns%d.evil.test. 192.0.2.%d".formatted(i, 100 + i);
        }
        town.zone("evil.test.", servers);
        dns.behave("*.evil.test", Behaviour.of(Behaviour.Kind.DROP));
        assertThat(verdict("x.evil.test", RecordType.A)).isEqualTo("TIMEOUT");
        assertThat(town.asked.stream().filter(it -> it.startsWith("192.0.2.1")))
                .as("one of the root and six of the zone")
                .hasSize(7);
    }

    @Test
    void twoZonesThatNeedEachOtherEnd() {
        dns.zone(".", "nothing. TXT \"here\"\n");
        dns.zone("a.", "x A 192.0.2.1\n");
        dns.zone("b.", "x A 192.0.2.1\n");
        town.zone("a.", "ns.b.");
        town.zone("b.", "ns.a.");
        assertThat(verdict("x.a", RecordType.A)).isEqualTo("NETWORK");
        assertThat(town.asked).hasSizeLessThan(20);
    }

    @Test
    void whoDoesNotKnowTheZoneIsPassedOver() {
        village();
        town.cuts.put(
                "good.test.", List.of("ns0.good.test. 192.0.2.44", "ns.good.test. 192.0.2.3"));
        assertThat(address("mx.good.test")).isEqualTo("192.0.2.80");
        town.cuts.put("lame.test.", List.of("ns.lame.test. 192.0.2.45"));
        // It refers to the zone it was asked for, and to the one above.
        town.serve("192.0.2.45", ".");
        assertThat(verdict("x.lame.test", RecordType.A)).isEqualTo("REFUSED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "192.168.1.1",
                "169.254.1.1",
                "0.0.0.0",
                "224.0.0.1"
            })
    void ourOwnHostsAreNotAskedForStrangers(String address) {
        village();
        dns.zone("evil.test.", "x A 192.0.2.67\n");
        town.zone("evil.test.", "ns.evil.test. " + address);
        assertThat(verdict("x.evil.test", RecordType.A)).isEqualTo("NETWORK");
        assertThat(town.asked).noneMatch(it -> it.startsWith(address + " "));
    }

    @Test
    void aZoneMayMove() {
        village();
        assertThat(address("mx.good.test")).isEqualTo("192.0.2.80");
        town.hosts.remove("192.0.2.3");
        town.zone("good.test.", "ns.good.test. 192.0.2.33");
        assertThat(address("mx.good.test")).isEqualTo("192.0.2.80");
        assertThat(town.asked).contains("192.0.2.33 A mx.good.test.");
    }

    @Test
    void silenceEndsWithTheDeadline() {
        village();
        dns.behave("*.good.test", Behaviour.of(Behaviour.Kind.DROP));
        long start = time.nanos();
        long deadline = time.deadline(Duration.ofSeconds(1));
        Answer answer = resolver.lookup(DnsName.parse("mx.good.test"), RecordType.A, deadline);
        assertThat(answer).isInstanceOf(Failed.class);
        assertThat(Duration.ofNanos(time.nanos() - start)).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "mx.good.test, A, Found SECURE",
        "nothing.good.test, A, NoSuchName SECURE",
        "mx.good.test, TXT, NoData SECURE",
        "alias.good.test, A, Found SECURE",
        "out.good.test, A, Found INSECURE",
        "toplain.good.test, A, NoSuchName INSECURE",
        "x.wild.good.test, TXT, Found SECURE",
        "_25._tcp.mx.good.nsec3, TLSA, Found SECURE",
        "nothing.good.nsec3, A, NoSuchName SECURE",
        "mx.plain.test, A, Found INSECURE",
        "mx.plain.nsec3, A, Found INSECURE",
        "mx.wrong-ds.test, A, BOGUS",
        "wrong.broken.test, A, BOGUS",
        "stripped.broken.test, A, BOGUS",
        "unproven.broken.nsec3, A, BOGUS",
    })
    void signaturesAreCheckedOnTheWay(String name, RecordType type, String expected) {
        dns.signedWorld();
        int host = 10;
        for (String zone : SignedWorld.zones().keySet()) {
            if (!zone.equals(".")) town.zone(zone, "ns." + zone + " 192.0.2." + host++);
        }
        resolver = new StubResolver(new Validator(recursor, SignedWorld.anchors("rsa"), time));
        assertThat(verdict(name, type)).as(ask(name, type).toString()).isEqualTo(expected);
    }

    @Test
    void theServersOfTheWorldsRoot() {
        assertThat(RootServers.ofTheWorld()).hasSize(26).doesNotHaveDuplicates();
    }
}
