package mansio.state.directory;

import mansio.codec.text.Address;

import java.util.List;

/**
 * An alias and what it leads to, one step far.
 *
 * @param enabled false: nobody has this address now
 * @param comment for people; may be empty
 */
public record AliasInfo(Address address, List<Address> targets, boolean enabled, String comment) {
    public AliasInfo {
        targets = List.copyOf(targets);
    }

    /** One that is on, without a comment. */
    public AliasInfo(Address address, List<Address> targets) {
        this(address, targets, true, "");
    }

    /**
     * Reads an address of an alias as people write it: {@code name@domain}, {@code info-*@domain},
     * or a regular expression, {@code /^info-[0-9]+$/@domain}.
     *
     * @throws mansio.codec.text.SyntaxException when it is none
     */
    public static Address parseName(String text) {
        return AliasPattern.parse(text);
    }

    /** Its address as people write it: a regular expression without quotes. */
    public String name() {
        return AliasPattern.show(address);
    }
}
