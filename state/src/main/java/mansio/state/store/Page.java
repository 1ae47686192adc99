package mansio.state.store;

import java.util.List;

/**
 * Part of a range at one moment.
 *
 * @param entries in the direction asked for
 * @param version the partition's version that all entries belong to
 * @param more true when the range goes on behind the last entry
 */
public record Page(List<Entry> entries, long version, boolean more) {}
