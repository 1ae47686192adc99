package mansio.codec.smtp;

import mansio.codec.text.Address;

/** Whom RCPT names: RFC 5321 section 4.1.1.3. */
public sealed interface ForwardPath {
    /** A mailbox; a source route before it has been dropped (RFC 5321 appendix C). */
    record To(Address address) implements ForwardPath {}

    /** {@code <Postmaster>} without a domain: this host's. RFC 5321 section 2.3.5. */
    record Postmaster() implements ForwardPath {}
}
