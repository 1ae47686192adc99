package mansio.state.mailbox;

/**
 * What a client that knew a mailbox at an earlier MODSEQ must be told (RFC 7162 section 3.2.5).
 *
 * @param changed those in the view whose MODSEQ is greater; new ones included
 * @param vanished those not in the view that may have been there
 * @param exact false when it is no longer known what was expunged: {@code vanished} is then every
 *     UID below UIDNEXT that is not in the view (RFC 7162 section 3.2.6)
 */
public record Changes(UidSet changed, UidSet vanished, boolean exact) {}
