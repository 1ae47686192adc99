package mansio.state.dkimkey;

import mansio.state.dkimkey.DkimKey.Life;
import mansio.state.dkimkey.DkimKey.Pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a key goes from one state to the next. The wall clock may jump: one that was set back begins
 * the wait anew; one that was set forward ends it early, but no key becomes active by a clock
 * alone.
 */
final class KeyLife {
    /** How long the record of a key stays that signs no more: no queue keeps mail for longer. */
    static final Duration RETIRING = Duration.ofDays(7);

    /** How long a key is remembered whose record may go. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    /** "No such name" may be remembered longer than the record that is there now. */
    private static final Duration MIN_WAIT = Duration.ofHours(1);

    private static final Duration MAX_WAIT = Duration.ofDays(2);

    private KeyLife() {}

    /**
     * The life that follows; empty when it stays as it is.
     *
     * @param relieves true when another key signs until this one does
     */
    static Optional<Life> next(DkimKey key, Sighting seen, Instant now, boolean relieves) {
        Life life = key.life();
        if (now.isBefore(life.since()))
            return Optional.of(life.to(life.state(), now, life.lasts()));
        boolean over = !now.isBefore(life.until());
        boolean patient = relieves && life.pace() == Pace.PATIENT;
        return switch (life.state()) {
            case MADE ->
                    seen instanceof Sighting.Found(int ttlSeconds)
                            ? Optional.of(
                                    patient
                                            ? life.to(KeyState.PUBLISHED, now, wait(ttlSeconds))
                                            : active(life, now))
                            : Optional.empty();
            case PUBLISHED ->
                    switch (seen) {
                        case Sighting.Found _ when over || !patient ->
                                Optional.of(active(life, now));
                        case Sighting.Absent _ ->
                                Optional.of(life.to(KeyState.MADE, now, Duration.ZERO));
                        case Sighting.Found _, Sighting.Unknown _ -> Optional.empty();
                    };
            case RETIRING ->
                    over
                            ? Optional.of(life.to(KeyState.RETIRED, now, REMEMBERED))
                            : Optional.empty();
            case ACTIVE, RETIRED -> Optional.empty();
        };
    }

    static Life active(Life life, Instant now) {
        return life.to(KeyState.ACTIVE, now, Duration.ZERO);
    }

    /** Of a key that has signed. */
    static Life retiring(Life life, Instant now) {
        return life.to(KeyState.RETIRING, now, RETIRING);
    }

    private static Duration wait(int ttlSeconds) {
        Duration ttl = Duration.ofSeconds(ttlSeconds);
        if (ttl.compareTo(MIN_WAIT) < 0) return MIN_WAIT;
        return ttl.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : ttl;
    }
}
