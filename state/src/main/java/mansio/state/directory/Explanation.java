package mansio.state.directory;

import mansio.codec.text.Address;

import java.util.List;
import java.util.Optional;

/**
 * Why mail for an address goes where it goes.
 *
 * @param steps what was looked up and found, in order
 * @param route where it goes; empty when it cannot be told now
 * @param trouble why it cannot be told; empty otherwise
 */
public record Explanation(List<Step> steps, Optional<Route> route, String trouble) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /**
     * One look-up.
     *
     * @param address what was looked for
     * @param rule domain, account, alias, role, pattern, forward, srs, batv or catch-all
     * @param outcome what was found, in words
     */
    public record Step(Address address, String rule, String outcome) {}
}
