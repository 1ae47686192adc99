package mansio.trust.dkim;

import java.util.Optional;

/**
 * What became of one DKIM-Signature.
 *
 * @param reason in words, without anything from the message but domains and numbers; empty when it
 *     passes
 * @param signature what it says; empty when it cannot be read
 * @param keyBits size of the key; 0 when none was used
 * @param testing the key has t=y: RFC 6376 section 3.6.1 asks to treat it like no signature
 * @param unsignedTail octets of the body behind what l= signs; such a signature never passes
 */
public record DkimResult(
        DkimState state,
        String reason,
        Optional<DkimSignature> signature,
        int keyBits,
        boolean testing,
        long unsignedTail) {
    /** True when the domain of the signature answers for the whole message. */
    public boolean passes() {
        return state == DkimState.PASS;
    }
}
