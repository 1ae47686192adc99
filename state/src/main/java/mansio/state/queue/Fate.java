package mansio.state.queue;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

/** How it ended for a recipient: nothing more is to be done. */
public sealed interface Fate {
    /**
     * Another server took it.
     *
     * @param host who, {@code mx.example.org[192.0.2.1]}
     * @param reply its words
     * @param tls how the connection was protected, such as {@code TLSv1.3, certificate verified};
     *     empty for not at all
     * @param dsnPassedOn it took over what the sender wants to be told, and reports itself (RFC
     *     3461 section 5.2.2)
     */
    record Delivered(String host, String reply, String tls, boolean dsnPassedOn) implements Fate {
        public Delivered {
            host = Texts.clean(host, Failure.MAX_TEXT);
            reply = Texts.clean(reply, Failure.MAX_TEXT);
            tls = Texts.clean(tls, Failure.MAX_TEXT);
        }
    }

    /** It will never be taken. */
    record Failed(Failure failure) implements Fate {}

    /** It was tried for as long as the schedule says. */
    record Expired(Failure failure) implements Fate {}

    /**
     * It was thrown away on purpose, and nobody is told.
     *
     * @param who an administrator, a route
     */
    record Removed(String who) implements Fate {
        public Removed {
            who = Texts.clean(who, Failure.MAX_TEXT);
        }
    }

    /**
     * It is in a mailbox here.
     *
     * @param result such as {@code INBOX of anna@example.org, UID 17}
     */
    record LocalDelivered(String result) implements Fate {
        public LocalDelivered {
            result = Texts.clean(result, Failure.MAX_TEXT);
        }
    }

    /**
     * It goes on as another message of this queue, made in the same moment: its domain became ours
     * while it waited to leave, or ceased to be ours while it waited to be delivered here.
     *
     * @param why in a sentence
     */
    record WentOn(String why) implements Fate {
        public WentOn {
            why = Texts.clean(why, Failure.MAX_TEXT);
        }
    }

    /** One line for people. */
    default String line() {
        return switch (this) {
            case Delivered(String host, String reply, String tls, _) ->
                    host + (tls.isEmpty() ? ", no TLS: " : ", " + tls + ": ") + reply;
            case Failed(Failure failure) -> failure.line();
            case Expired(Failure failure) -> "given up: " + failure.line();
            case Removed(String who) -> "removed: " + who;
            case LocalDelivered(String result) -> result;
            case WentOn(String why) -> "goes on as another message: " + why;
        };
    }

    /** Stores the fate. */
    default void writeTo(ValueWriter out) {
        switch (this) {
            case Delivered(String host, String reply, String tls, boolean dsnPassedOn) ->
                    out.u8(1).text(host).text(reply).text(tls).flag(dsnPassedOn);
            case Failed(Failure failure) -> failure.writeTo(out.u8(2));
            case Expired(Failure failure) -> failure.writeTo(out.u8(3));
            case Removed(String who) -> out.u8(4).text(who);
            case LocalDelivered(String result) -> out.u8(5).text(result);
            case WentOn(String why) -> out.u8(6).text(why);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    static Fate readFrom(ValueReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Delivered(in.text(), in.text(), in.text(), in.flag());
            case 2 -> new Failed(Failure.readFrom(in));
            case 3 -> new Expired(Failure.readFrom(in));
            case 4 -> new Removed(in.text());
            case 5 -> new LocalDelivered(in.text());
            case 6 -> new WentOn(in.text());
            default -> throw new IllegalStateException("fate tag " + tag);
        };
    }
}
