package mansio.state.directory;

import mansio.codec.text.Address;

import java.util.List;

/** An alias and what it leads to, one step far. */
public record AliasInfo(Address address, List<Address> targets) {
    public AliasInfo {
        targets = List.copyOf(targets);
    }
}
