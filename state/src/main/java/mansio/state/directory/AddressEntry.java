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

    /** Another name for one or more addresses. */
    record Alias(Address address, List<Address> targets) implements AddressEntry {
        public Alias {
            targets = List.copyOf(targets);
        }
    }
}
