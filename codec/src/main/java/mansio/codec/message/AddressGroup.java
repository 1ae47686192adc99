package mansio.codec.message;

import java.util.List;

/** A group, RFC 5322 section 3.4: a name and the mailboxes in it, perhaps none. */
public record AddressGroup(String name, List<NamedAddress> members) implements AddressEntry {
    public AddressGroup {
        members = List.copyOf(members);
    }
}
