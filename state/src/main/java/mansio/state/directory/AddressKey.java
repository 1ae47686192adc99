package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.Unicode;

import java.util.Optional;

/**
 * The form under which an own address is found: two spellings of one address have equal keys.
 *
 * @param localPart in Normalization Form C with case folded
 */
record AddressKey(Domain domain, String localPart) {
    /** Empty for an address literal, which is never ours. */
    static Optional<AddressKey> of(Address address) {
        return address.domain().map(domain -> of(domain, address.localPart()));
    }

    static AddressKey of(Domain domain, LocalPart localPart) {
        return new AddressKey(domain, Unicode.lookupKey(localPart.text()));
    }
}
