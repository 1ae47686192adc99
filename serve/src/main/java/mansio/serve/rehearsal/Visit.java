package mansio.serve.rehearsal;

import mansio.codec.text.Address;
import mansio.net.listen.TlsFacts;

import java.util.List;
import java.util.Optional;

/**
 * A message that the receiver has taken, and what was said before it.
 *
 * @param ehlo what the client called itself, after TLS where there was TLS
 * @param tls empty when all went in the clear
 * @param reversePath empty for the null one
 * @param bytes dots unstuffed; not to be changed
 */
record Visit(
        String ehlo,
        Optional<TlsFacts> tls,
        Optional<Address> reversePath,
        List<Address> forwardPaths,
        byte[] bytes) {
    Visit {
        forwardPaths = List.copyOf(forwardPaths);
    }
}
