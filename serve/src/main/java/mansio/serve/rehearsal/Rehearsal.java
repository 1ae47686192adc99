package mansio.serve.rehearsal;

import mansio.codec.text.Address;
import mansio.serve.checks.Client;
import mansio.serve.checks.Findings;
import mansio.serve.preflight.Score;

import java.util.List;
import java.util.Optional;

/**
 * How a test message arrived.
 *
 * @param bytes of it, all fields and signatures included
 * @param envelope what SMTP said
 * @param journey by which way, and how protected
 * @param notes what is to be known besides
 */
public record Rehearsal(
        int bytes,
        Envelope envelope,
        Journey journey,
        Findings findings,
        Score score,
        List<String> notes) {
    public Rehearsal {
        notes = List.copyOf(notes);
    }

    /**
     * What SMTP said.
     *
     * @param client as the world would see it: its address is not the one that connected
     */
    public record Envelope(Client client, List<Address> forwardPaths) {
        public Envelope {
            forwardPaths = List.copyOf(forwardPaths);
        }
    }

    /**
     * By which way it went.
     *
     * @param way in words
     * @param relay the host that would bring it to the world in our place
     * @param tls protocol and cipher; empty when in the clear
     * @param signing what was said when it was signed
     */
    public record Journey(
            String way, Optional<String> relay, Optional<String> tls, Optional<String> signing) {}
}
