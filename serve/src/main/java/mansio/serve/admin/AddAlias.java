package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** {@code alias add}. */
public record AddAlias(Address address, List<Address> targets)
        implements Operation<AddAlias.Added> {
    public AddAlias {
        targets = List.copyOf(targets);
    }

    /** It is there. */
    public record Added(Address address, List<Address> targets) implements Answer {
        public Added {
            targets = List.copyOf(targets);
        }

        @Override
        public List<String> lines() {
            return List.of(
                    "Mail for "
                            + address.toDisplay()
                            + " goes to "
                            + targets.stream()
                                    .map(Address::toDisplay)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        return rooms.names()
                .editor()
                .addAlias(address, targets)
                .map(alias -> new Added(alias.address(), alias.targets()));
    }
}
