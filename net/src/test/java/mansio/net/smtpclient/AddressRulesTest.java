package mansio.net.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;

class AddressRulesTest {
    private static String refusal(String address) {
        return AddressRules.PUBLIC_ONLY.refusal(InetAddress.ofLiteral(address)).orElse("none");
    }

    /** The first and the last of each block, and what is beside it. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, unspecified",
        "1.0.0.0, none",
        "10.0.0.0, private",
        "10.255.255.255, private",
        "11.0.0.0, none",
        "100.63.255.255, none",
        "100.64.0.0, private",
        "100.127.255.255, private",
        "100.128.0.0, none",
        "127.0.0.1, loopback",
        "169.254.169.254, link-local",
        "172.15.255.255, none",
        "172.16.0.0, private",
        "172.31.255.255, private",
        "172.32.0.0, none",
        "192.0.0.8, reserved",
        "192.0.1.0, none",
        "192.88.99.1, reserved",
        "192.88.98.255, none",
        "192.167.255.255, none",
        "192.168.0.1, private",
        "198.18.0.1, private",
        "198.19.255.255, private",
        "198.20.0.0, none",
        "224.0.0.1, multicast",
        "255.255.255.255, reserved",
        "::, unspecified",
        "::1, loopback",
        "::192.0.2.1, reserved",
        "::ffff:127.0.0.1, loopback",
        "::ffff:0:127.0.0.1, reserved",
        "::ffff:0:192.0.2.1, reserved",
        "::fffe:0:192.0.2.1, none",
        "64:ff9b::192.0.2.1, none",
        "64:ff9b::10.0.0.1, private",
        "64:ff9b::127.0.0.1, loopback",
        "64:ff9b:1::1, private",
        "64:ff9b:1:ffff::1, private",
        "64:ff9b:2::1, none",
        "100::1, reserved",
        "100:0:0:1::1, reserved",
        "100:0:0:2::1, none",
        "2001::1, reserved",
        "2001:1ff:ffff::1, reserved",
        "2001:200::1, none",
        "2002:c000:201::1, none",
        "2002:a00:1::1, private",
        "2002:7f00:1::, loopback",
        "2002:a9fe:a9fe::, link-local",
        "3ffe:ffff::1, none",
        "3fff::1, reserved",
        "3fff:fff:ffff::1, reserved",
        "3fff:1000::1, none",
        "5eff:ffff::1, none",
        "5f00::1, private",
        "5f00:ffff::1, private",
        "5f01::1, none",
        "fbff::1, none",
        "fc00::1, private",
        "fe80::1, link-local",
        "fec0::1, private",
        "ff02::1, multicast",
    })
    void onlyWhatTheWorldCanReach(String address, String what) {
        assertThat(refusal(address)).isEqualTo(what);
    }

    @Test
    void whatIsAllowedIsTakenWhateverItIs() {
        InetAddress own = InetAddress.ofLiteral("10.0.0.1");
        assertThat(new AddressRules(own::equals).refusal(own)).isEmpty();
        assertThat(new AddressRules(own::equals).refusal(InetAddress.ofLiteral("10.0.0.2")))
                .contains("private");
    }
}
