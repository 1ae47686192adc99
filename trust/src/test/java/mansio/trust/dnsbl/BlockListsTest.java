package mansio.trust.dnsbl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;
import mansio.trust.dnsbl.BlockList.Action;
import mansio.trust.dnsbl.BlockList.Code;
import mansio.trust.dnsbl.BlockList.Subject;
import mansio.trust.dnsbl.BlockLists.Health;
import mansio.trust.dnsbl.ListEvidence.Listing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class BlockListsTest {
    private static final BlockList CODES =
            new BlockList(
                    "codes",
                    DnsName.parse("codes.test"),
                    Subject.ADDRESS,
                    List.of(
                            code("127.0.0.2-3", "spam", Action.REJECT, 10),
                            code("127.0.0.4/30", "hijacked", Action.QUARANTINE, 5),
                            code("127.0.1.0/24&8", "dial-up", Action.WEIGH, 2)),
                    code("127.0.0.0/8", "listed", Action.WEIGH, 1));
    private static final BlockList SIMPLE =
            BlockList.simple(DnsName.parse("simple.test"), Subject.ADDRESS, Action.REJECT, 7);
    private static final BlockList GOOD =
            BlockList.simple(DnsName.parse("good.test"), Subject.ADDRESS, Action.TRUST, -5);
    private static final BlockList DOMAINS =
            BlockList.simple(DnsName.parse("dom.test"), Subject.DOMAIN, Action.WEIGH, 3);

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));
    private final BlockLists lists = new BlockLists(dns);

    private static Code code(String pattern, String meaning, Action action, int weight) {
        return new Code(CodePattern.parse(pattern), meaning, action, weight);
    }

    private long deadline() {
        return time.deadline(Duration.ofSeconds(20));
    }

    private ListEvidence check(BlockList list, String address) {
        return lists.check(list, InetAddress.ofLiteral(address), deadline());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, spam",
        "127.0.0.3, spam",
        "127.0.0.7, hijacked",
        "127.0.1.8, dial-up",
        "127.0.1.28, dial-up",
        "127.0.1.4, ''",
        "127.0.0.9, ''",
        "127.0.0.1, ''",
        "127.255.255.254, ''",
        "127.255.255.1, ''",
        "203.0.113.80, ''",
        "10.0.0.2, ''",
    })
    void answersMeanWhatTheListSays(String answer, String meaning) {
        dns.zone("codes.test.", "9.2.0.192.codes.test. A " + answer);
        ListEvidence evidence = check(CODES, "192.0.2.9");
        if (meaning.isEmpty()) {
            assertThat(evidence.listings()).isEmpty();
            assertThat(evidence.notes()).hasSize(1);
            assertThat(evidence.notes().getFirst().text()).contains(answer);
        } else {
            Listing listing = evidence.listings().getFirst();
            assertThat(listing.code().meaning()).isEqualTo(meaning);
            assertThat(listing.answer()).isEqualTo(answer);
            assertThat(listing.subject()).isEqualTo("192.0.2.9");
            assertThat(evidence.notes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.255.252", "8.8.8.8"})
    void aListWithoutCodesDoesNotListByErrors(String answer) {
        dns.zone("simple.test.", "9.2.0.192.simple.test. A " + answer);
        assertThat(check(SIMPLE, "192.0.2.9").listings()).isEmpty();
        assertThat(check(SIMPLE, "192.0.2.9").notes()).hasSize(1);
    }

    @Test
    void theReasonIsCleanedAndCut() {
        dns.zone(
                "simple.test.",
                "9.2.0.192.simple.test. A 127.0.0.5\n"
                        + "9.2.0.192.simple.test. A 127.0.0.6\n"
                        + "9.2.0.192.simple.test. TXT \"see http://x\\010\\255 "
                        + "y".repeat(200)
                        + "\" \""
                        + "z".repeat(200)
                        + "\"\n");
        ListEvidence evidence = check(SIMPLE, "192.0.2.9");
        assertThat(evidence.listings()).hasSize(1);
        assertThat(evidence.listings().getFirst().reason())
                .startsWith("see http://x?? y")
                .hasSize(300);
    }

    @Test
    void ipv6IsAskedByNibbles() {
        dns.zone(
                "simple.test.",
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.simple.test. A"
                        + " 127.0.0.2");
        assertThat(check(SIMPLE, "2001:db8::1").listings()).hasSize(1);
        assertThat(check(SIMPLE, "2001:db8::2").listings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "10.1.2.3", "192.168.0.1", "::1", "fe80::1", "fd00::1"})
    void privateAddressesAreNotAsked(String address) {
        assertThat(check(SIMPLE, address)).isEqualTo(ListEvidence.NOTHING);
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void aListThatCannotBeAskedListsNobody() {
        dns.zone("simple.test.", ";! *.simple.test. servfail\nsimple.test. A 192.0.2.1");
        ListEvidence evidence = check(SIMPLE, "192.0.2.9");
        assertThat(evidence.listings()).isEmpty();
        assertThat(evidence.notes()).hasSize(1);
    }

    @Test
    void domainsAreAskedForToo() {
        dns.zone("dom.test.", "bad.example.dom.test. A 127.0.1.2");
        List<Domain> domains = new ArrayList<>();
        domains.add(Domain.parse("good.example"));
        domains.add(Domain.parse("bad.example"));
        domains.add(Domain.parse("bad.example"));
        ListEvidence evidence = lists.check(DOMAINS, domains, deadline());
        assertThat(evidence.listings()).extracting(Listing::subject).containsExactly("bad.example");
        String label = "x".repeat(60) + ".";
        Domain longest = Domain.parse(label.repeat(4) + "example");
        assertThat(lists.check(DOMAINS, List.of(longest), deadline()).notes()).hasSize(1);
        for (int i = 0; i < 50; i++) {
            domains.add(Domain.parse("d" + i + ".example"));
        }
        int before = dns.asked().size();
        lists.check(DOMAINS, domains, deadline());
        // One more question for the reason of the one that is listed.
        assertThat(dns.asked().size() - before).isEqualTo(BlockLists.MAX_DOMAINS + 1);
    }

    @Test
    void allListsTogetherAreWeighed() {
        dns.zone(
                "codes.test.",
                "9.2.0.192.codes.test. A 127.0.0.2\n9.2.0.192.codes.test. A 127.0.0.4");
        dns.zone("good.test.", "9.2.0.192.good.test. A 127.0.0.2");
        dns.zone("dom.test.", "bad.example.dom.test. A 127.0.0.2");
        ListEvidence evidence =
                lists.check(
                        List.of(CODES, SIMPLE, GOOD, DOMAINS),
                        InetAddress.ofLiteral("192.0.2.9"),
                        List.of(Domain.parse("bad.example")),
                        deadline());
        assertThat(evidence.listings()).hasSize(4);
        assertThat(evidence.weight()).isEqualTo(10 - 5 + 3);
        assertThat(evidence.with(Action.REJECT)).hasSize(1);
        assertThat(evidence.with(Action.TRUST)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'2.0.0.127.simple.test. A 127.0.0.2', WORKING",
        "'2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.simple.test. A"
                + " 127.0.0.2', WORKING",
        "'other.simple.test. A 127.0.0.2', SILENT",
        "'*.simple.test. A 127.0.0.2', LISTS_ALL",
        "'*.simple.test. A 203.0.113.7', LISTS_ALL",
        "'*.simple.test. A 127.255.255.254', REFUSES",
        "';! *.simple.test. servfail', UNREACHABLE",
    })
    void aListIsTried(String zone, Health health) {
        dns.zone("simple.test.", zone);
        assertThat(lists.test(SIMPLE, deadline())).isEqualTo(health);
    }

    @Test
    void aListOfDomainsIsTried() {
        dns.zone("dom.test.", "test.dom.test. A 127.0.0.2");
        assertThat(lists.test(DOMAINS, deadline())).isEqualTo(Health.WORKING);
        dns.replace("dom.test.", "*.dom.test. A 127.0.0.2");
        assertThat(lists.test(DOMAINS, deadline())).isEqualTo(Health.LISTS_ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127",
                "127.0.0",
                "127.0.0.256",
                "128.0.0.1",
                "127.0.0.1/7",
                "127.0.0.9-3",
                "127.0.0.1-256",
                "127.0.0.1&256",
                "127.0.0.1 ",
                "127.0.0.1-2/24",
                "0.0.0.0/0"
            })
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> CodePattern.parse(text)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void anyPatternIsReadOrRefused() throws Exception {
        String alphabet = "0123456789.-/&x";
        SplittableRandom random = new SplittableRandom(Seeds.first(2));
        for (int round = 0; round < Seeds.count(20_000); round++) {
            StringBuilder text = new StringBuilder("127.0.0.");
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                CodePattern pattern = CodePattern.parse(text.toString());
                byte[] first = new byte[4];
                for (int i = 0; i < 4; i++) {
                    first[i] = (byte) (pattern.last() >>> (24 - 8 * i));
                }
                boolean last = pattern.matches((Inet4Address) InetAddress.getByAddress(first));
                assertThat(last || pattern.bits() != 0).as(text.toString()).isTrue();
            } catch (SyntaxException e) {
                assertThat(e.offset()).isBetween(0, text.length());
            }
        }
    }
}
