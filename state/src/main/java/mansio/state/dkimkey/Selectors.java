package mansio.state.dkimkey;

import mansio.codec.text.Domain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names for new keys: {@code m202611r}, {@code m202611e}, and {@code m202611r2} when that is taken.
 */
final class Selectors {
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("'m'uuuuMM").withZone(ZoneOffset.UTC);

    private Selectors() {}

    /** What may be taken, the best first. One that is wished for is the only one. */
    static Stream<KeyName> name(
            Domain domain, Optional<String> wish, KeyAlgorithm algorithm, Instant now) {
        if (wish.isPresent()) return KeyName.of(domain, wish.get()).stream();
        String base = MONTH.format(now) + algorithm.family().letter();
        return IntStream.rangeClosed(1, DkimKeys.MAX_PER_DOMAIN + 1)
                .mapToObj(i -> KeyName.of(domain, i == 1 ? base : base + i))
                .flatMap(Optional::stream);
    }
}
