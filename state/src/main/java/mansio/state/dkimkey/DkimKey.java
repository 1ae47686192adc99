package mansio.state.dkimkey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key of a domain: all of it but the secret, which only {@link DkimKeys} reads.
 *
 * @param record what its TXT record says, the strings joined
 * @param senders whom it is for; empty: everybody of the domain whom no other key is for
 * @param replaces the selector of the key that goes when this one becomes active
 */
public record DkimKey(
        KeyName name,
        KeyAlgorithm algorithm,
        String record,
        List<SenderPattern> senders,
        Optional<String> replaces,
        Life life) {

    /** How a new key waits. The code is stored. */
    public enum Pace {
        /** Until no cache can know that it was not there. */
        PATIENT(0),
        /** Only until its record is seen. */
        HURRIED(1);

        private final int code;

        Pace(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Pace of(int code) {
            return code == HURRIED.code ? HURRIED : PATIENT;
        }
    }

    /**
     * Where it is in its life.
     *
     * @param since when it came to this state, by the wall clock of then
     * @param lasts how long it is in this state at least
     */
    public record Life(KeyState state, Instant made, Instant since, Duration lasts, Pace pace) {
        static Life begin(Instant now, Pace pace) {
            return new Life(KeyState.MADE, now, now, Duration.ZERO, pace);
        }

        Life to(KeyState next, Instant now, Duration atLeast) {
            return new Life(next, made, now, atLeast, pace);
        }

        Life with(Pace other) {
            return new Life(state, made, since, lasts, other);
        }

        /** When it may come to the next state. */
        public Instant until() {
            return since.plus(lasts);
        }
    }

    public DkimKey {
        senders = List.copyOf(senders);
    }

    /** Its state. */
    public KeyState state() {
        return life.state();
    }

    DkimKey with(Life other) {
        return new DkimKey(name, algorithm, record, senders, replaces, other);
    }

    DkimKey withSenders(List<SenderPattern> other) {
        return new DkimKey(name, algorithm, record, other, replaces, life);
    }

    @Override
    public String toString() {
        return name + " " + algorithm + " " + state().text();
    }
}
