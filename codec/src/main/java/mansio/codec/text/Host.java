package mansio.codec.text;

/** What stands after the "@" (RFC 5321 section 4.1.2): a domain or an address literal. */
public sealed interface Host permits Domain, AddressLiteral {
    /** The form for the wire, ASCII only: {@code example.org} or {@code [192.0.2.1]}. */
    String text();
}
