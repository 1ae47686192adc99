package mansio.app.wiring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.Provider;
import java.util.Optional;

/**
 * The Amazon Corretto Crypto Provider, where it has a library for this machine. It is known by its
 * name only, so that a server runs where it is not.
 */
final class FastCrypto {
    private static final Logger log = LoggerFactory.getLogger(FastCrypto.class);

    private static final String NAME =
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private FastCrypto() {}

    /** Loads it beside the start, which takes half a second; until then the JDK signs. */
    static void load(Machine machine) {
        machine.threads().start("crypto", () -> find().ifPresent(machine.crypto()::use));
    }

    static Optional<Provider> find() {
        try {
            Class<?> type = Class.forName(NAME);
            Provider provider = (Provider) type.getField("INSTANCE").get(null);
            Object problem = type.getMethod("getLoadingError").invoke(provider);
            if (problem == null) {
                log.debug("Signatures are made by {}", provider.getInfo());
                return Optional.of(provider);
            }
            log.info("Signatures are made by the JDK: {}", String.valueOf(problem));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            log.info("Signatures are made by the JDK: {}", String.valueOf(e));
        }
        return Optional.empty();
    }
}
