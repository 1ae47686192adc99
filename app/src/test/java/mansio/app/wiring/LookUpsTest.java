package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.Upstreams;
import mansio.state.config.Config;
import mansio.state.config.ConfigException;
import mansio.state.config.ConfigFile;
import mansio.testkit.dns.ZoneServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@Timeout(300)
class LookUpsTest {
    private static final Machine MACHINE = Machine.real();

    @TempDir Path folder;

    private static Config.Dns dns(String lines) throws ConfigException {
        String least = "hostname = \"mail.example\"\n[[certificate]]\nchain = \"a\"\nkey = \"b\"\n";
        return ConfigFile.parse(least + "[dns]\n" + lines, "test").dns();
    }

    private Upstreams upstreams(String lines, String resolvConf)
            throws ConfigException, IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, resolvConf);
        return LookUps.upstreams(dns(lines), file, MACHINE).get();
    }

    private static InetSocketAddress server(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    }

    @Test
    void theSystemsResolversUnlessOthersAreNamed() throws Exception {
        String system = "nameserver 192.0.2.1\noptions timeout:3 attempts:1\n";
        assertThat(upstreams("", system))
                .isEqualTo(
                        new Upstreams(
                                List.of(server("192.0.2.1")), Duration.ofSeconds(3), 1, false));
        assertThat(upstreams("timeout = \"7 s\"", system).patience())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(upstreams("servers = [\"192.0.2.9\"]", system))
                .isEqualTo(
                        new Upstreams(
                                List.of(server("192.0.2.9")), Duration.ofSeconds(5), 2, false));
    }

    @Test
    void theAdBitCountsWhereItIsTrusted() throws Exception {
        String local = "nameserver 127.0.0.53\noptions trust-ad\n";
        assertThat(upstreams("", local).trustAd()).isTrue();
        assertThat(upstreams("", local + "nameserver 192.0.2.1\n").trustAd())
                .as("one is not on this host")
                .isFalse();
        assertThat(upstreams("", "nameserver 127.0.0.53\n").trustAd()).isFalse();
        assertThat(upstreams("dnssec = \"off\"", local).trustAd()).isFalse();
        assertThat(upstreams("dnssec = \"validate\"", local).trustAd()).isFalse();
        String other = "nameserver 192.0.2.1\n";
        assertThat(upstreams("dnssec = \"trust-ad\"", other).trustAd()).isTrue();
        assertThat(upstreams("servers = [\"127.0.0.1\"]", local).trustAd()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"trust-ad, Found SECURE", "off, Found UNCHECKED", "auto, Found UNCHECKED"})
    void aConfiguredResolverIsAsked(String dnssec, String expected) throws Exception {
        assertThat(verdict(dnssec)).isEqualTo(expected);
    }

    /** The root here is not signed, and nobody may say so who is not believed. */
    @Test
    void signaturesMayBeRequired() throws Exception {
        assertThat(verdict("validate")).isEqualTo("BOGUS");
    }

    @Test
    void theWalkFromTheRootNeedsNoResolver() throws Exception {
        Upstreams world = upstreams("recursion = true", "nameserver 192.0.2.1\n");
        assertThat(world.servers()).contains(server("198.41.0.4"), server("2001:7fd::1"));
        assertThat(world.trustAd()).isFalse();
        String own = "recursion = true\nservers = [\"192.0.2.9\"]\ndnssec = \"trust-ad\"";
        assertThat(upstreams(own, "").servers()).containsExactly(server("192.0.2.9"));
        assertThat(upstreams(own, "").trustAd()).isFalse();
        assertThat(verdict("off\"\nrecursion = true\n#\"")).isEqualTo("Found UNCHECKED");
        assertThat(verdict("auto\"\nrecursion = true\n#\"")).isEqualTo("BOGUS");
        assertThat(verdict("trust-ad\"\nrecursion = true\n#\"")).isEqualTo("BOGUS");
    }

    private static String verdict(String dnssec) throws Exception {
        try (ZoneServer zones = ZoneServer.start(0)) {
            zones.zone(".", "mail.example. A 192.0.2.1\n;! * secure");
            Resolver resolver =
                    LookUps.resolver(
                            dns(
                                    "servers = [\"127.0.0.1:%d\"]\ndnssec = \"%s\""
                                            .formatted(zones.address().getPort(), dnssec)),
                            MACHINE);
            Answer answer =
                    resolver.lookup(
                            DnsName.parse("mail.example"),
                            RecordType.A,
                            MACHINE.time().deadline(Duration.ofSeconds(20)));
            return answer instanceof Answer.Found found
                    ? "Found " + found.security()
                    : ((Answer.Failed) answer).kind().name();
        }
    }
}
