package mansio.state.mailbox;

/**
 * What a mailbox is for (RFC 6154, RFC 8457). A use belongs to one mailbox of an account at most.
 * The code is stored; never change or reuse one.
 */
public enum SpecialUse {
    /** INBOX; has no IMAP attribute. JMAP role {@code inbox}. */
    INBOX(1, ""),
    DRAFTS(2, "\\Drafts"),
    SENT(3, "\\Sent"),
    JUNK(4, "\\Junk"),
    TRASH(5, "\\Trash"),
    ARCHIVE(6, "\\Archive"),
    IMPORTANT(7, "\\Important");

    private final int code;
    private final String imapName;

    SpecialUse(int code, String imapName) {
        this.code = code;
        this.imapName = imapName;
    }

    /** The attribute of LIST with its backslash; empty for {@link #INBOX}. */
    public String imapName() {
        return imapName;
    }

    int code() {
        return code;
    }

    static SpecialUse ofCode(int code) {
        for (SpecialUse use : values()) if (use.code == code) return use;
        throw new IllegalStateException("special use " + code);
    }
}
