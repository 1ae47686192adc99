package mansio.state.dkimkey;

import mansio.net.time.Work;
import mansio.trust.dkim.KeyMaterial;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;

/** Keys by the JDK, searched for on the work pool. Safe for use by any thread. */
public final class JdkKeyMaker implements KeyMaker {
    private final Work work;
    private final SecureRandom random;

    public JdkKeyMaker(Work work, SecureRandom random) {
        this.work = work;
        this.random = random;
    }

    @Override
    public KeyMaterial make(KeyAlgorithm algorithm) throws IOException {
        return work.run(
                () -> {
                    byte[] secret = made(algorithm).getPrivate().getEncoded();
                    try {
                        return KeyMaterial.of(secret);
                    } finally {
                        Arrays.fill(secret, (byte) 0);
                    }
                });
    }

    private KeyPair made(KeyAlgorithm algorithm) {
        try {
            return switch (algorithm.family()) {
                case ED25519 -> {
                    KeyPairGenerator edwards = KeyPairGenerator.getInstance("Ed25519");
                    edwards.initialize(NamedParameterSpec.ED25519, random);
                    yield edwards.generateKeyPair();
                }
                case RSA -> {
                    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                    rsa.initialize(
                            new RSAKeyGenParameterSpec(algorithm.bits(), RSAKeyGenParameterSpec.F4),
                            random);
                    yield rsa.generateKeyPair();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JDK has both.
        }
    }
}
