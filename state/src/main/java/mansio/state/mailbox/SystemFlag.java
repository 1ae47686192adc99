package mansio.state.mailbox;

import java.util.Locale;
import java.util.Optional;

/**
 * The system flags that are stored (RFC 9051 section 2.3.2). The bit is stored; never change or
 * reuse one. {@code \Recent} belongs to sessions: {@link MailAccount#claimRecent}.
 */
public enum SystemFlag {
    ANSWERED(1, "\\Answered"),
    FLAGGED(2, "\\Flagged"),
    DELETED(4, "\\Deleted"),
    SEEN(8, "\\Seen"),
    DRAFT(16, "\\Draft");

    private final int bit;
    private final String imapName;

    SystemFlag(int bit, String imapName) {
        this.bit = bit;
        this.imapName = imapName;
    }

    /** The name as IMAP spells it, with its backslash. */
    public String imapName() {
        return imapName;
    }

    /** The flag of that name, in any case; empty for an unknown one and for {@code \Recent}. */
    public static Optional<SystemFlag> ofImapName(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        for (SystemFlag flag : values()) {
            if (flag.imapName.toLowerCase(Locale.ROOT).equals(folded)) return Optional.of(flag);
        }
        return Optional.empty();
    }

    int bit() {
        return bit;
    }
}
