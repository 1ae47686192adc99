package mansio.testkit.sim;

import org.jspecify.annotations.Nullable;

/** A simulation that went wrong; the message names the seed that repeats it. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    SimulationFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
