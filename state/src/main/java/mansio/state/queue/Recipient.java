package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

/**
 * One recipient of a queued message.
 *
 * @param forwardPath as the client gave it
 * @param action what is to be done
 * @param progress how far it is
 */
public record Recipient(Address forwardPath, Action action, Progress progress) {
    /** How far a recipient is. */
    public sealed interface Progress {}

    /** To be done; why it was not done yet is empty before the first attempt. */
    public record Waiting(String reason) implements Progress {}

    /** Nothing more to do. */
    public record Done(String result) implements Progress {}

    /** A recipient that nothing was tried for yet. */
    public static Recipient fresh(Address forwardPath, Action action) {
        return new Recipient(forwardPath, action, new Waiting(""));
    }

    /** This recipient, further on. */
    public Recipient with(Progress now) {
        return new Recipient(forwardPath, action, now);
    }

    /** True when it waits for a mailbox here. */
    public boolean waitsForLocal() {
        return action instanceof Action.Deliver && progress instanceof Waiting;
    }

    public boolean isDone() {
        return progress instanceof Done;
    }

    void writeTo(ValueWriter out) {
        out.text(forwardPath.toWire());
        action.writeTo(out);
        switch (progress) {
            case Waiting(String reason) -> out.u8(1).text(reason);
            case Done(String result) -> out.u8(2).text(result);
        }
    }

    static Recipient readFrom(ValueReader in) {
        Address forwardPath = Address.parse(in.text());
        Action action = Action.readFrom(in);
        int tag = in.u8();
        return new Recipient(
                forwardPath, action, tag == 2 ? new Done(in.text()) : new Waiting(in.text()));
    }
}
