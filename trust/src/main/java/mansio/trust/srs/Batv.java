package mansio.trust.srs;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.LocalPart;

import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Bounce Address Tag Validation, tag type prvs (draft-levine-smtp-batv): our own senders' mail
 * leaves with a signed reverse-path, so that a bounce of mail that we never sent is known.
 *
 * <pre>
 * prvs=KDDDSSSSSS=local@us    K the key's number, DDD the last day modulo 1000, SSSSSS signature
 * </pre>
 *
 * <p>The key's number is written as 0; all keys are tried. Pure; safe for use by any thread.
 */
public final class Batv {
    /** How long a tag is good. */
    public static final int LIFETIME_DAYS = 7;

    private static final String TAG = "prvs=";
    private static final int DAYS = 1000;
    private static final int SIGNATURE_BYTES = 3;
    private static final int VALUE_CHARS = 10;

    private final SigningKeys keys;

    public Batv(SigningKeys keys) {
        this.keys = keys;
    }

    /** What an address of ours turned out to be. */
    public sealed interface Opened {
        /** Signed by us, for this address. */
        record Original(Address address) implements Opened {}

        /** It has the form, but we never wrote it, or somebody changed it. */
        record Forged() implements Opened {}

        /** We wrote it, more than {@link #LIFETIME_DAYS} days ago. */
        record Expired() implements Opened {}

        /** An address as any other. */
        record Plain() implements Opened {}
    }

    /**
     * The tagged form of an own sender's address.
     *
     * @param today in UTC
     * @return the address itself when it is tagged already or would become too long
     */
    public Address sign(Address sender, LocalDate today) {
        if (!signs(sender)) {
            return sender;
        }
        String local = sender.localPart().text();
        long last = Math.floorMod(today.toEpochDay() + LIFETIME_DAYS, (long) DAYS);
        String head = "0%03d".formatted(last);
        byte[] signature = keys.sign(signed(head, sender), SIGNATURE_BYTES);
        String value = head + HexFormat.of().formatHex(signature);
        return new Address(new LocalPart(TAG + value + "=" + local), sender.host());
    }

    /** False for an address that is tagged already or would become too long. */
    public static boolean signs(Address sender) {
        String local = sender.localPart().text();
        int room = Srs.MAX_LOCAL_PART_OCTETS - TAG.length() - VALUE_CHARS - 1;
        return !tagged(local) && local.length() <= room;
    }

    /**
     * Reads an address of ours.
     *
     * @param today in UTC
     */
    public Opened open(Address address, LocalDate today) {
        String local = address.localPart().text();
        if (!tagged(local)) {
            return new Opened.Plain();
        }
        int end = TAG.length() + VALUE_CHARS;
        if (local.length() <= end + 1 || local.charAt(end) != '=') {
            return new Opened.Forged();
        }
        String head = local.substring(TAG.length(), TAG.length() + 4);
        Address original = new Address(new LocalPart(local.substring(end + 1)), address.host());
        if (!head.chars().allMatch(Ascii::isDigit)
                || !keys.verify(signed(head, original), hex(local.substring(9, end)))) {
            return new Opened.Forged();
        }
        long left =
                Math.floorMod(
                        Integer.parseInt(head.substring(1)) - today.toEpochDay(), (long) DAYS);
        return left <= LIFETIME_DAYS + 1 ? new Opened.Original(original) : new Opened.Expired();
    }

    private static String signed(String head, Address original) {
        return "prvs=" + head + "=" + original.localPart().text() + "@" + original.host().text();
    }

    private static boolean tagged(String local) {
        return Ascii.startsWithIgnoreCase(local, TAG);
    }

    private static Optional<byte[]> hex(String text) {
        boolean digits = text.chars().allMatch(c -> Ascii.hexValue(c) >= 0);
        return digits ? Optional.of(HexFormat.of().parseHex(text)) : Optional.empty();
    }
}
