package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.state.store.AccountId;

import java.util.List;

/** What an own address stands for. */
sealed interface AddressEntry {
    /** As it was spelled when it was added. */
    Address address();

    /** The address of an account. */
    record OfAccount(Address address, AccountId account) implements AddressEntry {}

    /**
     * Another name for one or more addresses, of ours or of others.
     *
     * @param address its local part may be a pattern: {@link AliasPattern}
     * @param enabled false: nobody has this address now
     * @param comment for people; may be empty
     */
    record Alias(Address address, List<Address> targets, boolean enabled, String comment)
            implements AddressEntry {
        public Alias {
            targets = List.copyOf(targets);
        }

        AliasInfo info() {
            return new AliasInfo(address, targets, enabled, comment);
        }
    }
}
