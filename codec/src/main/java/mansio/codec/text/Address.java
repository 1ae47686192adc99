package mansio.codec.text;

import java.util.Optional;

/**
 * A mail address: what RFC 5321 section 4.1.2 calls Mailbox and RFC 5322 addr-spec. Equal addresses
 * have the same host and the same local part, spelling included.
 */
public record Address(LocalPart localPart, Host host) {
    /** Longest text that {@link #parse} looks at, in chars. */
    public static final int MAX_TEXT = 1536;

    /** An address of its two wire forms, for fixed names such as {@code postmaster}. */
    public static Address of(String localPart, Domain domain) {
        return new Address(LocalPart.parse(localPart), domain);
    }

    /**
     * Reads {@code local@domain} or {@code local@[literal]}, all of the text, nothing around it.
     *
     * @throws SyntaxException when it is no address
     */
    public static Address parse(String text) {
        if (text.length() > MAX_TEXT) {
            throw new SyntaxException("address is too long", MAX_TEXT);
        }
        Cursor in = new Cursor(text);
        Address address = read(in);
        in.expectEnd();
        return address;
    }

    /** As {@link #parse}, for callers to whom a wrong address is a normal answer. */
    public static Optional<Address> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads an address where the cursor stands and leaves the cursor after it; for parsers of
     * larger grammars such as {@code MAIL FROM:<...>}.
     */
    // RFC 5321 4.1.2: Mailbox = Local-part "@" ( Domain / address-literal )
    public static Address read(Cursor in) {
        LocalPart localPart = LocalPart.read(in);
        in.expect('@');
        return new Address(localPart, readHost(in));
    }

    /** Reads a domain or an address literal where the cursor stands. */
    public static Host readHost(Cursor in) {
        int start = in.offset();
        try {
            if (in.take('[')) {
                in.skipWhile(c -> c != ']');
                in.expect(']');
                return AddressLiteral.parse(in.between(start, in.offset()));
            }
            return Domain.parse(in.expectWhile("domain", Address::isDomainChar));
        } catch (SyntaxException e) {
            throw new SyntaxException(String.valueOf(e.getMessage()), start);
        }
    }

    private static boolean isDomainChar(char c) {
        return c > 0x7f
                || Ascii.isLetter(c)
                || Ascii.isDigit(c)
                || c == '-'
                || c == '.'
                || c == '_';
    }

    /** The domain; empty for an address literal. */
    public Optional<Domain> domain() {
        return host instanceof Domain domain ? Optional.of(domain) : Optional.empty();
    }

    /** True when the wire form needs SMTPUTF8 (RFC 6531); the domain never does. */
    public boolean needsUtf8() {
        return localPart.needsUtf8();
    }

    /** The form for the wire: the local part quoted when needed, the domain in A-labels. */
    public String toWire() {
        return localPart.toWire() + "@" + host.text();
    }

    /** For people: the domain in Unicode. */
    public String toDisplay() {
        String shown = host instanceof Domain domain ? domain.toUnicode() : host.text();
        return localPart.toWire() + "@" + shown;
    }

    @Override
    public String toString() {
        return toWire();
    }
}
