package mansio.serve.preflight;

import java.util.Optional;

/**
 * Something that receivers want.
 *
 * @param name short, in lower case, for programs too
 * @param tenths of a point that are lost without it
 * @param test looks at a message
 * @param cure what to do about a fault
 */
record Rule(String name, int tenths, Test test, String cure) {
    Rule {
        if (tenths < 1 || tenths > Score.FULL) throw new IllegalArgumentException(name);
    }

    /** Looks at a message. Pure. */
    @FunctionalInterface
    interface Test {
        Finding look(Arrived message);
    }

    /** Looks at what can always be told. Pure. */
    @FunctionalInterface
    interface PlainTest {
        /** What is wrong, in words; empty when nothing is. */
        Optional<String> fault(Arrived message);
    }

    /** A rule about the message alone. */
    static Rule plain(String name, int tenths, PlainTest test, String cure) {
        return new Rule(
                name,
                tenths,
                message ->
                        test.fault(message).<Finding>map(Finding.Fault::new).orElse(Finding.GOOD),
                cure);
    }
}
