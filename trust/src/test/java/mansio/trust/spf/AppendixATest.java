package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The examples of RFC 7208 appendix A. */
class AppendixATest {
    private static final String ZONES =
            """
            example.com.         MX   10 mail-a.example.com.
            example.com.         MX   20 mail-b.example.com.
            example.com.         A    192.0.2.10
            example.com.         A    192.0.2.11
            amy.example.com.     A    192.0.2.65
            bob.example.com.     A    192.0.2.66
            mail-a.example.com.  A    192.0.2.129
            mail-b.example.com.  A    192.0.2.130
            www.example.com.     CNAME example.com.
            example.org.         MX   10 mail-c.example.org.
            mail-c.example.org.  A    192.0.2.140
            10.2.0.192.in-addr.arpa.   PTR example.com.
            11.2.0.192.in-addr.arpa.   PTR example.com.
            65.2.0.192.in-addr.arpa.   PTR amy.example.com.
            66.2.0.192.in-addr.arpa.   PTR bob.example.com.
            129.2.0.192.in-addr.arpa.  PTR mail-a.example.com.
            130.2.0.192.in-addr.arpa.  PTR mail-b.example.com.
            140.2.0.192.in-addr.arpa.  PTR mail-c.example.org.
            4.0.0.10.in-addr.arpa.     PTR bob.example.com.
            """;

    private static String check(String records, String client, String sender) {
        FakeTime time = new FakeTime();
        FakeDns dns = new FakeDns(time, new SplittableRandom(1));
        dns.zone(".", ZONES + records);
        Spf spf = new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("mx.receiver.example"));
        SpfRequest request =
                SpfRequest.mailFrom(
                        InetAddress.ofLiteral(client),
                        "mx.sender.example",
                        Optional.of(Address.parse(sender)));
        return spf.check(request, time.deadline(Duration.ofSeconds(20))).result().keyword();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=spf1 +all                         | 203.0.113.9 | pass
                    v=spf1 a -all                       | 192.0.2.10  | pass
                    v=spf1 a -all                       | 192.0.2.11  | pass
                    v=spf1 a -all                       | 192.0.2.65  | fail
                    v=spf1 a:example.org -all           | 192.0.2.10  | fail
                    v=spf1 mx -all                      | 192.0.2.129 | pass
                    v=spf1 mx -all                      | 192.0.2.130 | pass
                    v=spf1 mx -all                      | 192.0.2.10  | fail
                    v=spf1 mx:example.org -all          | 192.0.2.140 | pass
                    v=spf1 mx mx:example.org -all       | 192.0.2.129 | pass
                    v=spf1 mx mx:example.org -all       | 192.0.2.140 | pass
                    v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.131 | pass
                    v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.143 | pass
                    v=spf1 mx/30 mx:example.org/30 -all | 192.0.2.144 | fail
                    v=spf1 ptr -all                     | 192.0.2.65  | pass
                    v=spf1 ptr -all                     | 192.0.2.140 | fail
                    v=spf1 ptr -all                     | 10.0.0.4    | fail
                    v=spf1 ip4:192.0.2.128/28 -all      | 192.0.2.65  | fail
                    v=spf1 ip4:192.0.2.128/28 -all      | 192.0.2.129 | pass
                    """)
    void simpleExamples(String record, String client, String result) {
        String records = "example.com. TXT \"" + record + "\"\n";
        assertThat(check(records, client, "strong-bad@example.com")).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.129, joel@example.org,    pass",
        "192.0.2.1,   joel@example.org,    pass",
        "192.0.2.140, joel@example.org,    fail",
        "192.0.2.129, joel@la.example.org, pass",
        "192.0.2.140, joel@ny.example.org, fail",
    })
    void severalDomains(String client, String sender, String result) {
        String records =
                """
                example.com.    TXT "v=spf1 mx -all"
                example.net.    TXT "v=spf1 ip4:192.0.2.1 -all"
                example.org.    TXT "v=spf1 include:example.com include:example.net -all"
                la.example.org. TXT "v=spf1 redirect=example.org"
                ny.example.org. TXT "v=spf1 redirect=example.org"
                """;
        assertThat(check(records, client, sender)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.129,    nobody@example.com, pass",
        "203.0.113.1,    mary@example.com,   pass",
        "203.0.113.1,    fred@example.com,   pass",
        "203.0.113.1,    joel@example.com,   fail",
        "192.168.15.15,  joel@example.com,   pass",
        "192.168.15.16,  joel@example.com,   pass",
        "192.168.15.17,  joel@example.com,   fail",
        "192.168.15.15,  amy@example.com,    fail",
    })
    void usersAndAddressesByNames(String client, String sender, String result) {
        String records =
                """
                example.com. TXT "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all"
                mobile-users._spf.example.com. TXT "v=spf1 exists:%{l1r+}.%{d}"
                remote-users._spf.example.com. TXT "v=spf1 exists:%{ir}.%{l1r+}.%{d}"
                mary.mobile-users._spf.example.com.               A 127.0.0.2
                fred.mobile-users._spf.example.com.               A 127.0.0.2
                15.15.168.192.joel.remote-users._spf.example.com. A 127.0.0.2
                16.15.168.192.joel.remote-users._spf.example.com. A 127.0.0.2
                """;
        assertThat(check(records, client, sender)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.65, pass", "192.0.2.140, fail", "10.0.0.4, fail", "192.0.2.200, fail"})
    void severalRequirements(String client, String result) {
        String records =
                """
                example.com. TXT "v=spf1 " "-include:ip4._spf.%{d} " "-include:ptr._spf.%{d} " "+all"
                ip4._spf.example.com. TXT "v=spf1 -ip4:192.0.2.0/24 +all"
                ptr._spf.example.com. TXT "v=spf1 -ptr:example.com +all"
                """;
        assertThat(check(records, client, "anna@example.com")).isEqualTo(result);
    }
}
