package mansio.state.dkimkey;

import mansio.codec.text.Ascii;

/** Where a key is in its life. The code is stored. */
public enum KeyState {
    /** Made; its record is not in the DNS yet, as far as is known. */
    MADE(1),
    /** Its record was seen; it waits until no cache can say otherwise, then takes over. */
    PUBLISHED(2),
    /** Signs. */
    ACTIVE(3),
    /** Signs no more; its record stays for the mail that is under way. */
    RETIRING(4),
    /** Its record may go. The private key is gone. */
    RETIRED(5);

    private final int code;

    KeyState(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** In lower case. */
    public String text() {
        return Ascii.lower(name());
    }

    /** True while the record belongs into the DNS. */
    public boolean wantsRecord() {
        return this != RETIRED;
    }

    /** True for a key that has not signed yet. */
    boolean isNew() {
        return this == MADE || this == PUBLISHED;
    }

    static KeyState of(int code) {
        for (KeyState it : values()) {
            if (it.code == code) return it;
        }
        throw new IllegalStateException("state of a key " + code);
    }
}
