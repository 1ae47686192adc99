package mansio.trust.srs;

import mansio.codec.text.Address;

/**
 * Marks in the header of what is forwarded: whoever forwards a message for an address again sees
 * its own mark. They tell nobody else which address it was. Safe for use by any thread.
 */
public final class LoopMarks {
    private static final int BYTES = 10;

    private final SigningKeys keys;

    public LoopMarks(SigningKeys keys) {
        this.keys = keys;
    }

    /** The mark of an address of ours: 16 letters and digits. */
    public String of(Address address) {
        return Base32.ofBytes(keys.sign(signed(address), BYTES));
    }

    /** True when the text is the mark of this address, made with any of the keys. */
    public boolean is(String text, Address address) {
        return text.length() == BYTES / 5 * 8 && keys.verify(signed(address), Base32.toBytes(text));
    }

    private static String signed(Address address) {
        return "loop=" + address;
    }
}
