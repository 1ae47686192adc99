package mansio.state.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Knows the ways to other servers and walks them. The queue decides what is tried and when, and
 * calls this. Safe for use by any thread.
 */
public interface Carrier {
    /**
     * Which lane a recipient belongs to, whose action is {@link Action.Relay} or {@link
     * Action.Forward}. From memory only: it is called for each recipient of the queue at the start.
     */
    Lane lane(QueueEntry entry, Recipient recipient);

    /**
     * Where a lane leads just now. May ask the DNS; called before each connection.
     *
     * @throws IOException when it cannot tell: as {@link Way.Later} with a local failure
     */
    Way way(Lane lane) throws IOException;

    /**
     * Makes a connection that mail can be handed over on: hosts in their order, greeting, EHLO,
     * TLS, log-in. Bounded in time.
     *
     * @param lane whose mail is to go first
     * @throws IOException as {@link Opening.NotNow} with a local failure
     */
    Opening open(Site site, Lane lane) throws IOException;

    /** True when {@link #way} is {@link Way.Home}. From memory only. */
    default boolean leadsHome(Lane lane) {
        return false;
    }

    /**
     * Mail that goes the same way: a route, and the domain of the recipients or nothing where all
     * goes to a relay host.
     *
     * @param route its name, short
     * @param domain in A-labels, or an address literal; empty for all
     */
    record Lane(String route, String domain) {
        @Override
        public String toString() {
            if (domain.isEmpty()) return route;
            return route.isEmpty() ? domain : domain + " by " + route;
        }
    }

    /**
     * The other side: those hosts, reached in that way. What is learned of it holds for every lane
     * that leads there. Made and read by the carrier; two with the same name are the same.
     */
    interface Site {
        /** Names it in the memory of the queue and to administrators: route and hosts. */
        String name();
    }

    /** Where a lane leads. */
    sealed interface Way {
        /** To a site. */
        record To(Site site, Terms terms) implements Way {}

        /** Nothing leaves before a person has done something. */
        record Hold(String reason) implements Way {}

        /** Its domain has become ours. */
        record Home(Homecoming ours) implements Way {}

        /** It is thrown away, and nobody is told. */
        record Discard(String reason) implements Way {}

        /** It can never be delivered, such as to a domain that does not exist. */
        record Fail(Failure failure) implements Way {}

        /** It cannot be told now. */
        record Later(Failure failure) implements Way {}
    }

    /**
     * What a destination has of its own.
     *
     * @param schedule empty for the usual one
     * @param connections to its site at once; empty for the usual number
     */
    record Terms(Optional<Schedule> schedule, OptionalInt connections) {
        /** The usual ones. */
        public static final Terms USUAL = new Terms(Optional.empty(), OptionalInt.empty());
    }

    /** What came of opening a connection. */
    sealed interface Opening {
        /** It is there. */
        record Opened(Passage passage) implements Opening {}

        /** No host could be used now: the site rests. */
        record NotNow(Failure failure) implements Opening {}

        /** Only a person can help, such as with a log-in that is refused: the lane is held. */
        record Hold(Failure failure) implements Opening {}
    }

    /** How long messages are tried, and how often. */
    record Schedule(Duration first, Duration max, Duration lifetime) {
        public Schedule {
            if (first.compareTo(Duration.ofSeconds(1)) < 0
                    || max.compareTo(first) < 0
                    || lifetime.isNegative()) {
                throw new IllegalArgumentException(first + " to " + max + " for " + lifetime);
            }
        }

        /** The same with pauses that are no longer than this, if the first one is not. */
        Schedule within(Duration longest) {
            Duration bound = longest.compareTo(first) < 0 ? first : longest;
            return bound.compareTo(max) < 0 ? new Schedule(first, bound, lifetime) : this;
        }

        /**
         * The pause before the next attempt: as long as the message is old, within the bounds. A
         * message from the future, after a clock was set back, counts as new.
         */
        public Duration pause(Duration age) {
            if (age.compareTo(first) < 0) return first;
            return age.compareTo(max) < 0 ? age : max;
        }
    }
}
