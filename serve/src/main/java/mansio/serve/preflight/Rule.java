package mansio.serve.preflight;

import java.util.Optional;

/**
 * Something that receivers want.
 *
 * @param name short, in lower case, for programs too
 * @param tenths of a point that are lost without it
 * @param test what is wrong, in words; empty when nothing is
 * @param cure what to do about it
 */
record Rule(String name, int tenths, Test test, String cure) {
    Rule {
        if (tenths < 1 || tenths > Score.FULL) throw new IllegalArgumentException(name);
    }

    /** Looks at a message. Pure. */
    @FunctionalInterface
    interface Test {
        Optional<String> fault(Arrived message);
    }
}
