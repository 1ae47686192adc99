package mansio.codec.message;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of From, To and their like.
 *
 * @param entries in order
 * @param truncated true when there were more than {@link Limits#ADDRESSES}
 */
public record AddressList(List<AddressEntry> entries, boolean truncated) {
    public static final AddressList EMPTY = new AddressList(List.of(), false);

    public AddressList {
        entries = List.copyOf(entries);
    }

    /**
     * Parses an unfolded value. Never fails: what is no address is an entry without a valid one.
     */
    public static AddressList parse(String value) {
        return new AddressListParser(value).parse();
    }

    /** All mailboxes, those within groups included. */
    public List<NamedAddress> mailboxes() {
        List<NamedAddress> all = new ArrayList<>(entries.size());
        for (AddressEntry entry : entries) {
            switch (entry) {
                case NamedAddress mailbox -> all.add(mailbox);
                case AddressGroup group -> all.addAll(group.members());
            }
        }
        return all;
    }

    public boolean hasGroup() {
        return entries.stream().anyMatch(AddressGroup.class::isInstance);
    }
}
