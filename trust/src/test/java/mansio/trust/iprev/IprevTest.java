package mansio.trust.iprev;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.DnsName;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.iprev.IprevResult.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.SplittableRandom;

class IprevTest {
    private static final String ZONE =
            """
            1.2.0.192.in-addr.arpa. PTR mx.example.org.
            mx.example.org. A 192.0.2.9
            mx.example.org. A 192.0.2.1
            2.2.0.192.in-addr.arpa. PTR other.example.org.
            2.2.0.192.in-addr.arpa. PTR good.example.org.
            other.example.org. A 192.0.2.77
            good.example.org. CNAME real.example.org.
            real.example.org. A 192.0.2.2
            3.2.0.192.in-addr.arpa. PTR none.example.org.
            4.2.0.192.in-addr.arpa. PTR mx.example.org.
            5.2.0.192.in-addr.arpa. A 192.0.2.5
            6.2.0.192.in-addr.arpa. PTR dead.example.org.
            6.2.0.192.in-addr.arpa. PTR other.example.org.
            7.2.0.192.in-addr.arpa. PTR dead.example.org.
            7.2.0.192.in-addr.arpa. PTR seven.example.org.
            seven.example.org. A 192.0.2.7
            8.2.0.192.in-addr.arpa. CNAME 8.0/25.2.0.192.in-addr.arpa.
            8.0/25.2.0.192.in-addr.arpa. PTR eight.example.org.
            eight.example.org. A 192.0.2.8
            1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR six.example.org.
            six.example.org. AAAA 2001:db8::1
            six.example.org. A 192.0.2.4
            ;! dead.example.org. servfail
            ;! 10.2.0.192.in-addr.arpa. servfail
            """;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    IprevTest() {
        dns.zone(".", ZONE);
    }

    private IprevResult check(String address) {
        return new Iprev(dns)
                .check(InetAddress.ofLiteral(address), time.deadline(Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, PASS, mx.example.org",
        "192.0.2.2, PASS, good.example.org",
        "192.0.2.3, FAIL,",
        "192.0.2.4, FAIL,",
        "192.0.2.5, PERMERROR,",
        "192.0.2.6, TEMPERROR,",
        "192.0.2.7, PASS, seven.example.org",
        "192.0.2.8, PASS, eight.example.org",
        "192.0.2.10, TEMPERROR,",
        "192.0.2.99, PERMERROR,",
        "2001:db8::1, PASS, six.example.org",
        "2001:db8::2, PERMERROR,",
    })
    void aNameMustLeadBack(String address, Result result, String name) {
        IprevResult checked = check(address);
        assertThat(checked.result()).isEqualTo(result);
        assertThat(checked.confirmed().map(DnsName::text).orElse(null)).isEqualTo(name);
        assertThat(checked.reason()).isNotEmpty();
        assertThat(result.text()).isLowerCase();
    }

    @Test
    void onlyTenNamesAreAsked() {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            zone.append("1.113.0.203.in-addr.arpa. PTR h").append(i).append(".example.net.\n");
        }
        dns.zone("113.0.203.in-addr.arpa.", zone.toString());
        IprevResult checked = check("203.0.113.1");
        assertThat(checked.result()).isEqualTo(Result.FAIL);
        assertThat(checked.names()).hasSize(Iprev.MAX_NAMES);
        assertThat(dns.asked()).hasSize(1 + Iprev.MAX_NAMES);
    }
}
