package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code alias add}.
 *
 * @param address may have a pattern as local part: {@link AliasInfo#parseName}
 * @param comment may be empty
 */
public record AddAlias(Address address, List<Address> targets, String comment)
        implements Operation<AddAlias.Added> {
    public AddAlias {
        targets = List.copyOf(targets);
    }

    /** It is there. */
    public record Added(String name, List<Address> targets, String comment) implements Answer {
        public Added {
            targets = List.copyOf(targets);
        }

        @Override
        public List<String> lines() {
            return List.of(
                    "Mail for "
                            + name
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
                .aliases()
                .add(new AliasInfo(address, targets, true, comment))
                .map(alias -> new Added(alias.name(), alias.targets(), alias.comment()));
    }
}
