package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.ResolvConf;
import mansio.net.dns.Upstreams;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

class ResolvConfTest {
    private static InetSocketAddress server(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    }

    @Test
    void takesServersAndOptions() {
        Upstreams upstreams =
                ResolvConf.parse(
                        """
                        # a comment
                        ; another
                        domain example.org
                        search example.org example.net
                        nameserver 192.0.2.53
                        nameserver\t2001:db8::53
                        nameserver not-an-address
                        nameserver
                        #nameserver 192.0.2.54
                        options ndots:2 timeout:3 attempts:4 trust-ad edns0
                        """);
        assertThat(upstreams)
                .isEqualTo(
                        new Upstreams(
                                List.of(server("192.0.2.53"), server("2001:db8::53")),
                                Duration.ofSeconds(3),
                                4,
                                true));
    }

    @Test
    void nothingMeansThisHost() {
        Upstreams upstreams = ResolvConf.parse("options timeout:x attempts:0 timeout:-1\n");
        assertThat(upstreams.servers()).containsExactly(server("127.0.0.1"));
        assertThat(upstreams.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(upstreams.rounds()).isEqualTo(2);
        assertThat(upstreams.trustAd()).isFalse();
    }

    @Test
    void valuesAreBounded() {
        Upstreams upstreams =
                ResolvConf.parse(
                        "options timeout:999 attempts:999\n" + "nameserver 192.0.2.1\n".repeat(99));
        assertThat(upstreams.patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(upstreams.rounds()).isEqualTo(5);
        assertThat(upstreams.servers()).hasSize(8);
    }

    @Test
    void anythingIsRead() {
        String[] words = {
            "nameserver",
            "options",
            " ",
            "\t",
            "\n",
            ":",
            "timeout:",
            "attempts:",
            "-",
            "9",
            "999999",
            "192.0.2.1",
            "2001:db8::1",
            "fe80::1%eth0",
            "[",
            "%",
            "#",
            ";",
            "trust-ad",
            "\0",
            "\u00e9"
        };
        SplittableRandom random = new SplittableRandom(Seeds.first(3));
        for (int round = 0; round < Seeds.count(5_000); round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            Upstreams upstreams = ResolvConf.parse(text.toString());
            assertThat(upstreams.servers()).as(text.toString()).hasSizeBetween(1, 8);
            assertThat(upstreams.rounds()).isBetween(1, 5);
            assertThat(upstreams.patience())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        }
    }

    @Test
    void aChangedFileIsReadAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, "nameserver 192.0.2.1\n");
        FakeTime time = new FakeTime();
        ResolvConf conf = new ResolvConf(file, UnaryOperator.identity(), time);
        assertThat(conf.get().servers()).containsExactly(server("192.0.2.1"));
        Files.writeString(file, "nameserver 192.0.2.22\n");
        assertThat(conf.get().servers()).as("not looked at yet").hasSize(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(conf.get().servers()).containsExactly(server("192.0.2.22"));
        Files.delete(file);
        time.advance(Duration.ofSeconds(5));
        assertThat(conf.get().servers()).containsExactly(server("192.0.2.22"));
        Files.writeString(file, "nameserver 192.0.2.1\n");
        time.advance(Duration.ofSeconds(5));
        assertThat(conf.get().servers()).containsExactly(server("192.0.2.1"));
    }

    @Test
    void aFileThatIsNotThereMeansThisHost(@TempDir Path folder) {
        ResolvConf conf =
                new ResolvConf(folder.resolve("none"), UnaryOperator.identity(), new FakeTime());
        assertThat(conf.get().servers()).containsExactly(server("127.0.0.1"));
    }
}
