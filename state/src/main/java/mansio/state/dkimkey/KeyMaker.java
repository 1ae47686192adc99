package mansio.state.dkimkey;

import mansio.trust.dkim.KeyMaterial;

import java.io.IOException;

/** Makes keys. A test has its own, because a good RSA key takes long to find. */
@FunctionalInterface
public interface KeyMaker {
    /**
     * A new key that nobody has had. Takes up to a second, for the longest ones some.
     *
     * @throws IOException when too much else is to be computed
     */
    KeyMaterial make(KeyAlgorithm algorithm) throws IOException;
}
