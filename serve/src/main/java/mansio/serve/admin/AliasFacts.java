package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.AliasInfo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An alias.
 *
 * @param name its address, or its pattern: as it is given to commands
 * @param targets what it leads to, one step far
 * @param enabled false: nobody has this address now
 * @param comment may be empty
 */
public record AliasFacts(String name, List<Address> targets, boolean enabled, String comment)
        implements Answer {
    public AliasFacts {
        targets = List.copyOf(targets);
    }

    static AliasFacts of(AliasInfo info) {
        return new AliasFacts(info.name(), info.targets(), info.enabled(), info.comment());
    }

    @Override
    public List<String> lines() {
        return List.of(line());
    }

    String line() {
        return name
                + " -> "
                + targets.stream().map(Address::toDisplay).collect(Collectors.joining(", "))
                + (enabled ? "" : " (off)")
                + (comment.isEmpty() ? "" : "  # " + comment);
    }
}
