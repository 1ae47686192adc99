package mansio.trust.srs;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.Domain;
import mansio.codec.text.Host;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The Sender Rewriting Scheme: what we forward leaves with a reverse-path in our own domain, which
 * passes SPF, and a bounce to it comes to us and finds its way back to the sender.
 *
 * <pre>
 * SRS0=hash=day=host=local@us       sent by local@host
 * SRS0=hash=day==token@us           sent by somebody whose address is too long and is stored
 * SRS1=hash=host==rest@us           sent by SRS0=rest@host, which a forwarder before us wrote
 * </pre>
 *
 * <p>Behind SRS0 and SRS1 may stand {@code =}, {@code +} or {@code -}. The hash is 40 bits over all
 * that stands behind it, the day two base32 digits that count days modulo 1024. Pure; safe for use
 * by any thread.
 */
public final class Srs {
    /** RFC 5321 section 4.5.3.1.1: receivers need not take longer local parts. */
    public static final int MAX_LOCAL_PART_OCTETS = 64;

    /** A bounce that comes later is not taken. */
    public static final int MAX_AGE_DAYS = 21;

    private static final int HASH_BYTES = 5;
    private static final int TOKEN_BYTES = 10;
    private static final int DAYS = 1024;
    private static final String SEPARATORS = "=+-";

    private final SigningKeys keys;
    private final char separator;

    /**
     * @param separator behind SRS0 and SRS1: {@code =}, {@code +} or {@code -}
     */
    public Srs(SigningKeys keys, char separator) {
        if (SEPARATORS.indexOf(separator) < 0) {
            throw new IllegalArgumentException("separator " + separator);
        }
        this.keys = keys;
        this.separator = separator;
    }

    /** What an address of ours turned out to be. */
    public sealed interface Opened {
        /** Signed by us: this is the address it stands for. */
        record Original(Address address) implements Opened {}

        /** Signed by us: the address is stored under this token, in the case it came in. */
        record Stored(String token) implements Opened {}

        /** It has the form, but we never wrote it, or somebody changed it. */
        record Forged() implements Opened {}

        /** We wrote it, more than {@link #MAX_AGE_DAYS} days ago. */
        record Expired() implements Opened {}

        /** An address as any other. */
        record Plain() implements Opened {}
    }

    /**
     * The reverse-path with which a message of this sender leaves.
     *
     * @param by a domain of ours
     * @param today in UTC
     * @return empty when its local part would be too long: store the sender under a token, and use
     *     {@link #rewriteStored}
     */
    public Optional<Address> rewrite(Address sender, Domain by, LocalDate today) {
        String local = sender.localPart().text();
        Optional<String> again = srs0(local).map(rest -> one(sender.host().text(), rest));
        Optional<String> further = srs1(local).map(it -> one(it.host, it.rest));
        String text =
                again.or(() -> further).orElseGet(() -> zero(sender.host().text(), local, today));
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_PART_OCTETS) {
            return Optional.empty();
        }
        return Optional.of(new Address(new LocalPart(text), by));
    }

    /**
     * The reverse-path for a sender that is stored.
     *
     * @param token letters and digits, at most 32, to be looked up with case ignored
     */
    public Address rewriteStored(String token, Domain by, LocalDate today) {
        if (token.isEmpty() || token.length() > 32) {
            throw new IllegalArgumentException("token of " + token.length() + " characters");
        }
        return new Address(new LocalPart(zero("", token, today)), by);
    }

    /**
     * The token under which a sender is to be stored: always the same for one sender and key, so
     * that a sender is stored once. In upper case.
     */
    public String tokenOf(Address sender) {
        return Base32.ofBytes(keys.sign("token=" + sender.toWire(), TOKEN_BYTES));
    }

    /**
     * Reads a local part of ours.
     *
     * @param today in UTC
     */
    public Opened open(LocalPart localPart, LocalDate today) {
        String text = localPart.text();
        if (tag(text, "SRS0")) {
            return openZero(text.substring(5), today);
        }
        return tag(text, "SRS1") ? openOne(text.substring(5)) : new Opened.Plain();
    }

    private String zero(String host, String local, LocalDate today) {
        String day = Base32.ofNumber((int) Math.floorMod(today.toEpochDay(), (long) DAYS), 2);
        String signed = day + "=" + host + "=" + local;
        return "SRS0" + separator + hash("0=" + signed) + "=" + signed;
    }

    /**
     * @param rest what stood behind SRS0, its separator included
     */
    private String one(String host, String rest) {
        String signed = host + "=" + rest;
        return "SRS1" + separator + hash("1=" + signed) + "=" + signed;
    }

    private Opened openZero(String text, LocalDate today) {
        String[] fields = text.split("=", 4);
        if (fields.length < 4 || fields[1].length() != 2) {
            return new Opened.Forged();
        }
        String signed = fields[1] + "=" + fields[2] + "=" + fields[3];
        if (!keys.verify("0=" + signed, Base32.toBytes(fields[0]))) {
            return new Opened.Forged();
        }
        int written = Base32.toNumber(fields[1]).orElseThrow();
        long age = Math.floorMod(today.toEpochDay() - written, (long) DAYS);
        // A server beside us whose clock is past midnight already wrote it "tomorrow".
        if (age > MAX_AGE_DAYS && age != DAYS - 1) {
            return new Opened.Expired();
        }
        return fields[2].isEmpty() ? new Opened.Stored(fields[3]) : original(fields[3], fields[2]);
    }

    private Opened openOne(String text) {
        String[] fields = text.split("=", 3);
        if (fields.length < 3
                || !keys.verify("1=" + fields[1] + "=" + fields[2], Base32.toBytes(fields[0]))) {
            return new Opened.Forged();
        }
        return original("SRS0" + fields[2], fields[1]);
    }

    private String hash(String text) {
        return Base32.ofBytes(keys.sign(text, HASH_BYTES));
    }

    private static Opened original(String local, String host) {
        try {
            Cursor in = new Cursor(host);
            Host parsed = Address.readHost(in);
            in.expectEnd();
            return new Opened.Original(new Address(new LocalPart(local), parsed));
        } catch (SyntaxException e) {
            return new Opened.Forged(); // We sign no such thing.
        }
    }

    /** What stands behind SRS0 in another server's address, separator included. */
    private static Optional<String> srs0(String local) {
        return tag(local, "SRS0") ? Optional.of(local.substring(4)) : Optional.empty();
    }

    private record Further(String host, String rest) {}

    /** The first forwarder and its address, when another server wrote SRS1. */
    private static Optional<Further> srs1(String local) {
        String[] fields = tag(local, "SRS1") ? local.substring(5).split("=", 3) : new String[0];
        boolean whole =
                fields.length == 3
                        && Domain.tryParse(fields[1]).isPresent()
                        && fields[2].length() > 1
                        && SEPARATORS.indexOf(fields[2].charAt(0)) >= 0;
        return whole ? Optional.of(new Further(fields[1], fields[2])) : Optional.empty();
    }

    private static boolean tag(String local, String name) {
        return local.length() > 5
                && Ascii.startsWithIgnoreCase(local, name)
                && SEPARATORS.indexOf(local.charAt(4)) >= 0;
    }
}
