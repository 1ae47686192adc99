package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;
import mansio.state.queue.Suppression;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code queue suppressed list}, a page of it.
 *
 * @param after the last that was shown already
 */
public record ListSuppressed(Optional<Address> after)
        implements Operation<ListSuppressed.Addresses> {
    private static final int PAGE = 500;

    /** An address that is not tried. */
    public record Facts(Address address, Instant since, String status, String reason) {
        static Facts of(Suppression it) {
            return new Facts(it.address(), it.since(), it.status(), it.reason());
        }
    }

    /** Some of them, in the order of their text. */
    public record Addresses(List<Facts> addresses, boolean more) implements Answer {
        public Addresses {
            addresses = List.copyOf(addresses);
        }

        /** These and those of the next page. */
        public Addresses with(Addresses next) {
            List<Facts> all = new ArrayList<>(addresses);
            all.addAll(next.addresses);
            return new Addresses(all, next.more);
        }

        @Override
        public List<String> lines() {
            if (addresses.isEmpty()) return List.of("No address is suppressed.");
            List<String> lines = new ArrayList<>();
            for (Facts it : addresses) {
                lines.add(
                        "%s  %s  %s"
                                .formatted(
                                        Times.second(it.since()),
                                        it.address().toDisplay(),
                                        it.reason()));
            }
            if (more) lines.add("and more");
            return lines;
        }
    }

    @Override
    public Outcome<Addresses> run(Rooms rooms) throws IOException {
        List<Suppression> page = rooms.mail().queue().suppressions().list(after, PAGE);
        return Outcome.done(
                new Addresses(page.stream().map(Facts::of).toList(), page.size() == PAGE));
    }
}
