package mansio.net.dns;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A name as the DNS has it: labels of 1 to 63 octets of any value, at most 255 octets on the wire
 * (RFC 1035 section 2.3.4). Wider than {@link Domain}, because what we meet and must ask for is
 * wider: {@code 5.0/25.2.0.192.in-addr.arpa} behind a reverse name, whatever an SPF macro makes.
 * Two names are the same exactly when they are equal.
 *
 * @param text the canonical form: ASCII letters in lower case, no final dot, {@code "."} alone for
 *     the root; dots and backslashes within a label, and octets that are not printable ASCII, as
 *     {@code \DDD} (RFC 1035 section 5.1). The constructor refuses any other, {@link #parse} makes
 *     it
 */
public record DnsName(String text) {
    /** What an MX or SRV record points at to say "no such service" (RFC 7505, RFC 2782). */
    public static final DnsName ROOT = new DnsName(".");

    /** Octets of a name on the wire, with the length octets and the root label. */
    public static final int MAX_WIRE_LENGTH = 255;

    private static final int MAX_TEXT = 4 * MAX_WIRE_LENGTH;

    /**
     * @throws SyntaxException when the text is not the canonical form
     */
    public DnsName {
        if (!canonical(wireOf(text)).equals(text)) {
            throw new SyntaxException("DNS name is not in canonical form", 0);
        }
    }

    /**
     * Makes a name of ASCII text in any case, with {@code \X} and {@code \DDD} and perhaps a final
     * dot. Internationalised names go through {@link Domain#parse}.
     *
     * @throws SyntaxException when it is no name
     */
    public static DnsName parse(String text) {
        return new DnsName(canonical(wireOf(text)));
    }

    /** As {@link #parse}, for callers to whom a wrong name is a normal answer. */
    public static Optional<DnsName> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** The same name: every domain is a name. */
    public static DnsName of(Domain domain) {
        return new DnsName(domain.text());
    }

    /**
     * The name whose PTR records name the hosts of an address: below {@code in-addr.arpa}, or
     * {@code ip6.arpa} (RFC 1035 section 3.5, RFC 3596 section 2.5).
     */
    public static DnsName reverse(InetAddress address) {
        String zone = address.getAddress().length == 4 ? "in-addr.arpa" : "ip6.arpa";
        return reversed(address, new DnsName(zone));
    }

    /**
     * The parts of an address, last first, below a zone of the caller: the octets of IPv4, the
     * nibbles of IPv6. So lists of addresses are asked (RFC 5782 section 2.1).
     *
     * @throws SyntaxException when the name gets too long
     */
    public static DnsName reversed(InetAddress address, DnsName zone) {
        byte[] octets = address.getAddress();
        StringBuilder name = new StringBuilder(80);
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (octets.length == 4) {
                name.append(octet).append('.');
            } else {
                name.append(Character.forDigit(octet & 15, 16)).append('.');
                name.append(Character.forDigit(octet >> 4, 16)).append('.');
            }
        }
        return parse(name + (zone.isRoot() ? "" : zone.text));
    }

    /**
     * This name with labels before it, as in {@code domain.below("_dmarc")}.
     *
     * @param labels one or more, in the form that {@link #parse} takes
     * @throws SyntaxException when that is no name or too long
     */
    public DnsName below(String labels) {
        return parse(isRoot() ? labels : labels + "." + text);
    }

    /** True for the root, whose text is a dot. */
    public boolean isRoot() {
        return text.equals(".");
    }

    /** The name without its first label; empty for the root. */
    public Optional<DnsName> parent() {
        if (isRoot()) {
            return Optional.empty();
        }
        int dot = text.indexOf('.');
        return Optional.of(dot < 0 ? ROOT : new DnsName(text.substring(dot + 1)));
    }

    /** True for the name itself and every name below it. */
    public boolean isWithin(DnsName other) {
        return other.isRoot() || text.equals(other.text) || text.endsWith("." + other.text);
    }

    /** How many labels; the root has none. */
    public int labels() {
        return isRoot() ? 0 : (int) text.chars().filter(c -> c == '.').count() + 1;
    }

    /** As a domain, when it is one. */
    public Optional<Domain> domain() {
        return Domain.tryParse(text);
    }

    /** As on the wire, not compressed (RFC 1035 section 3.1). */
    byte[] wire() {
        return wireOf(text);
    }

    /**
     * @throws SyntaxException when these octets are no name
     */
    static DnsName ofWire(byte[] wire) {
        return new DnsName(canonical(wire));
    }

    @Override
    public String toString() {
        return text;
    }

    private static String canonical(byte[] wire) {
        StringBuilder out = new StringBuilder(wire.length);
        int at = 0;
        while (at < wire.length && wire[at] != 0) {
            if (at > 0) {
                out.append('.');
            }
            int end = at + 1 + wire[at];
            for (at++; at < end; at++) {
                append(out, wire[at] & 0xff);
            }
        }
        return out.isEmpty() ? "." : out.toString();
    }

    private static void append(StringBuilder out, int octet) {
        if (octet > ' ' && octet < 0x7f && octet != '.' && octet != '\\') {
            out.append(Ascii.lower((char) octet));
        } else {
            out.append('\\')
                    .append((char) ('0' + octet / 100))
                    .append((char) ('0' + octet / 10 % 10))
                    .append((char) ('0' + octet % 10));
        }
    }

    /** Reads presentation text; letters keep their case. */
    private static byte[] wireOf(String text) {
        if (text.length() > MAX_TEXT) {
            throw new SyntaxException("DNS name is too long", MAX_WIRE_LENGTH);
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream(text.length() + 2);
        if (!text.equals(".")) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '.') {
                    endLabel(wire, label, at);
                    at++;
                } else if (c == '\\') {
                    at = escaped(text, at, label);
                } else if (c < 0x80) {
                    label.write(c);
                    at++;
                } else {
                    throw new SyntaxException("DNS name has a character beyond ASCII", at);
                }
            }
            if (!text.endsWith(".") || label.size() > 0 || wire.size() == 0) {
                endLabel(wire, label, at);
            }
        }
        wire.write(0);
        if (wire.size() > MAX_WIRE_LENGTH) {
            throw new SyntaxException("DNS name is too long", MAX_WIRE_LENGTH);
        }
        return wire.toByteArray();
    }

    private static void endLabel(ByteArrayOutputStream wire, ByteArrayOutputStream label, int at) {
        if (label.size() == 0) {
            throw new SyntaxException("DNS name has an empty label", at);
        }
        if (label.size() > Domain.MAX_LABEL_LENGTH) {
            throw new SyntaxException("DNS name has a label that is too long", at);
        }
        wire.write(label.size());
        wire.writeBytes(label.toByteArray());
        label.reset();
    }

    /** A backslash and what it stands for; gives where the text goes on. */
    private static int escaped(String text, int at, ByteArrayOutputStream label) {
        int rest = text.length() - at - 1;
        if (rest >= 3 && Ascii.isDigit(text.charAt(at + 1))) {
            int octet = 0;
            for (int i = at + 1; i <= at + 3; i++) {
                if (!Ascii.isDigit(text.charAt(i))) {
                    throw new SyntaxException("DNS name has a broken escape", at);
                }
                octet = octet * 10 + text.charAt(i) - '0';
            }
            if (octet > 255) {
                throw new SyntaxException("DNS name has a broken escape", at);
            }
            label.write(octet);
            return at + 4;
        }
        if (rest < 1 || text.charAt(at + 1) >= 0x80 || Ascii.isDigit(text.charAt(at + 1))) {
            throw new SyntaxException("DNS name has a broken escape", at);
        }
        label.write(text.charAt(at + 1));
        return at + 2;
    }
}
