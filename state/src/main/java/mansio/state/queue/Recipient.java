package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

/**
 * One recipient of a queued message.
 *
 * @param forwardPath as the client gave it
 * @param action what is to be done
 * @param wish what the sender asked to be told
 * @param progress how far it is
 */
public record Recipient(Address forwardPath, Action action, ReportWish wish, Progress progress) {
    /** A recipient that nothing was tried for yet. */
    public static Recipient fresh(Address forwardPath, Action action) {
        return fresh(forwardPath, action, ReportWish.NONE);
    }

    /** A recipient that nothing was tried for yet. */
    public static Recipient fresh(Address forwardPath, Action action, ReportWish wish) {
        return new Recipient(forwardPath, action, wish, Progress.Waiting.FRESH);
    }

    /** This recipient, further on. */
    public Recipient with(Progress now) {
        return new Recipient(forwardPath, action, wish, now);
    }

    /** The address that is told to the next server: an alias may lead elsewhere. */
    public Address destination() {
        return action instanceof Action.Forward forward ? forward.to() : forwardPath;
    }

    /** True when it waits for a mailbox here. */
    public boolean waitsForLocal() {
        return isLocal() && progress instanceof Progress.Waiting;
    }

    /** True when it belongs into a mailbox here. */
    public boolean isLocal() {
        return action instanceof Action.Deliver;
    }

    public boolean isDone() {
        return progress instanceof Progress.Done;
    }

    void writeTo(ValueWriter out) {
        out.text(forwardPath.toWire());
        action.writeTo(out);
        wish.writeTo(out);
        progress.writeTo(out);
    }

    static Recipient readFrom(ValueReader in) {
        return new Recipient(
                Address.parse(in.text()),
                Action.readFrom(in),
                ReportWish.readFrom(in),
                Progress.readFrom(in));
    }
}
