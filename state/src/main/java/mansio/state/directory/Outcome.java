package mansio.state.directory;

import java.util.function.Function;

/**
 * How a change of the directory ended: done, or refused with a reason that a person understands.
 */
public sealed interface Outcome<T> {
    /** The change is on disk and in effect. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * Nothing was changed.
     *
     * @param problem for programs
     * @param sentence for people: what is wrong, and what to do where that is not plain
     */
    record Refused<T>(Problem problem, String sentence) implements Outcome<T> {}

    /** Why a change is refused. */
    enum Problem {
        /** There is one already. */
        EXISTS,
        /** There is none. */
        NOT_FOUND,
        /** Something else still needs it. */
        IN_USE,
        /** The value itself is not acceptable. */
        INVALID,
        /** It cannot be done yet. */
        UNSUPPORTED
    }

    /** The same outcome, of something made of the value. */
    default <R> Outcome<R> map(Function<T, R> make) {
        return switch (this) {
            case Done<T>(T value) -> new Done<>(make.apply(value));
            case Refused<T>(Problem problem, String sentence) -> new Refused<>(problem, sentence);
        };
    }

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(Problem problem, String sentence) {
        return new Refused<>(problem, sentence);
    }
}
