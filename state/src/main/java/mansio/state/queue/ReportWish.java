package mansio.state.queue;

import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.smtp.RcptParameters.OriginalRecipient;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the sender asked to be told about a recipient (RFC 3461 section 4).
 *
 * @param notifications NOTIFY: empty when not given, an empty set inside for NEVER
 * @param originalRecipient ORCPT: its type and decoded text
 */
public record ReportWish(
        Optional<Set<Notify>> notifications, Optional<OriginalRecipient> originalRecipient) {
    /** Nothing was asked. */
    public static final ReportWish NONE = new ReportWish(Optional.empty(), Optional.empty());

    private static final int HAS_NOTIFY = 1;
    private static final int SUCCESS = 2;
    private static final int FAILURE = 4;
    private static final int DELAY = 8;
    private static final int HAS_ORIGINAL = 16;

    public ReportWish {
        notifications = notifications.map(ReportWish::ordered);
    }

    /** What the parameters of RCPT say. */
    public static ReportWish of(RcptParameters parameters) {
        return new ReportWish(parameters.notifications(), parameters.originalRecipient());
    }

    /**
     * True when the sender is to be told of {@code event}; RFC 3461 section 4.1 has the default.
     */
    public boolean wants(Notify event) {
        return notifications.map(set -> set.contains(event)).orElse(event != Notify.SUCCESS);
    }

    private static Set<Notify> ordered(Set<Notify> set) {
        EnumSet<Notify> ordered = EnumSet.noneOf(Notify.class);
        ordered.addAll(set);
        return Collections.unmodifiableSet(ordered);
    }

    void writeTo(ValueWriter out) {
        int bits = originalRecipient.isPresent() ? HAS_ORIGINAL : 0;
        if (notifications.isPresent()) {
            bits |= HAS_NOTIFY;
            for (Notify notify : notifications.get()) bits |= bit(notify);
        }
        out.u8(bits);
        originalRecipient.ifPresent(original -> out.text(original.type()).text(original.address()));
    }

    static ReportWish readFrom(ValueReader in) {
        int bits = in.u8();
        if (bits == 0) return NONE;
        Optional<Set<Notify>> notifications = Optional.empty();
        if ((bits & HAS_NOTIFY) != 0) {
            EnumSet<Notify> set = EnumSet.noneOf(Notify.class);
            for (Notify notify : Notify.values()) if ((bits & bit(notify)) != 0) set.add(notify);
            notifications = Optional.of(set);
        }
        return new ReportWish(
                notifications,
                (bits & HAS_ORIGINAL) == 0
                        ? Optional.empty()
                        : Optional.of(new OriginalRecipient(in.text(), in.text())));
    }

    private static int bit(Notify notify) {
        return switch (notify) {
            case SUCCESS -> SUCCESS;
            case FAILURE -> FAILURE;
            case DELAY -> DELAY;
        };
    }
}
