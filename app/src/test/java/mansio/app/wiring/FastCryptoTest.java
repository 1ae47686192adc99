package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Security;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimSigning;
import mansio.trust.dkim.DkimVerification;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;
import mansio.trust.dkim.Surroundings;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.List;
import java.util.Optional;

class FastCryptoTest {
    private static final byte[] MESSAGE =
            "From: anna@example.org\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Machine machine = Machine.real();

    /** On Linux on x86-64 it has to load; elsewhere the JDK takes its part. */
    private Crypto fast() {
        Optional<Provider> found = FastCrypto.find();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assertThat(found.isPresent()).isEqualTo(system.equals("Linux amd64"));
        found.ifPresent(machine.crypto()::use);
        return machine.crypto();
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void eachVerifiesWhatTheOtherSigns(SignatureAlgorithm algorithm) {
        Crypto fast = fast();
        KeyMaterial key = KeyMaterial.generate(algorithm);
        for (Crypto signer : List.of(fast, Crypto.jdk())) {
            SigningKey own = key.signingKey(Domain.parse("example.org"), "s", signer);
            SigningKey others = key.signingKey(Domain.parse("example.org"), "s", Crypto.jdk());
            for (Crypto verifier : List.of(fast, Crypto.jdk())) {
                byte[] signed = signed(signer, own, others);
                assertThat(verified(verifier, signed, key)).isEqualTo(2);
                signed[signed.length - 5] ^= 1;
                assertThat(verified(verifier, signed, key)).isZero();
            }
        }
    }

    private byte[] signed(Crypto crypto, SigningKey... keys) {
        DkimSigning signing =
                new DkimSigning(crypto, machine.time(), List.of(keys), SigningOptions.DEFAULT);
        ContentPass pass = new ContentPass(crypto, List.of(signing));
        pass.feed(MESSAGE, 0, MESSAGE.length);
        pass.end();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(signing.fields());
        whole.writeBytes(MESSAGE);
        return whole.toByteArray();
    }

    private long verified(Crypto crypto, byte[] message, KeyMaterial key) {
        Surroundings around =
                new Surroundings(
                        (question, _) ->
                                new Answer.Found(
                                        List.of(
                                                new DnsRecord.Txt(
                                                        question.name(),
                                                        60,
                                                        KeyMaterial.strings(key.record()))),
                                        question.name(),
                                        Security.UNCHECKED),
                        machine.time(),
                        machine.threads(),
                        crypto);
        DkimVerification dkim = new DkimVerification(around);
        ContentPass pass = new ContentPass(crypto, List.of(dkim));
        pass.feed(message, 0, message.length);
        pass.end();
        return dkim.results(machine.time().nanos() + 10_000_000_000L).stream()
                .filter(it -> it.passes())
                .count();
    }
}
