package mansio.state.mailbox;

/**
 * The difference between two views of one mailbox.
 *
 * @param arrived in the newer only
 * @param gone in the older only
 * @param changed in both, with another MODSEQ
 */
public record ViewDiff(UidSet arrived, UidSet gone, UidSet changed) {
    public boolean isEmpty() {
        return arrived.isEmpty() && gone.isEmpty() && changed.isEmpty();
    }
}
