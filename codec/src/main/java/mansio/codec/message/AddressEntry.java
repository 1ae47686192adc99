package mansio.codec.message;

/** One entry of an address list, RFC 5322 section 3.4: a mailbox or a group. */
public sealed interface AddressEntry permits NamedAddress, AddressGroup {
    /** The display name as written, unquoted, encoded words not decoded; may be empty. */
    String name();

    /** The display name for people. */
    default String displayName() {
        return EncodedWords.decode(name()).strip();
    }
}
