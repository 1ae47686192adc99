package mansio.trust.dmarc;

import java.util.List;
import java.util.Optional;

/**
 * What SPF and DKIM found in a message.
 *
 * @param dkim all signatures that were looked at
 */
public record Facts(Optional<SpfFact> spf, List<DkimFact> dkim) {
    /** A message without SPF result and signatures. */
    public static final Facts NOTHING = new Facts(Optional.empty(), List.of());

    public Facts {
        dkim = List.copyOf(dkim);
    }
}
