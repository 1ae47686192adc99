package mansio.testkit.sim;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/**
 * Makes virtual threads that run on an executor of ours. JDK 25 has no public way to do so; its
 * package-private builder has (seen in Temurin 25). It needs {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED}.
 */
final class SteppedThreads {
    private final Constructor<?> builder;
    private final Field continuation;

    SteppedThreads() {
        try {
            builder =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            continuation =
                    Class.forName("java.lang.VirtualThread").getDeclaredField("runContinuation");
            continuation.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "the simulation needs JDK 25 with --add-opens"
                            + " java.base/java.lang=ALL-UNNAMED",
                    e);
        }
    }

    /** A thread not yet started; all of its continuations are handed to {@code scheduler}. */
    Thread unstarted(String name, Executor scheduler, Runnable task) {
        try {
            Thread.Builder.OfVirtual threads =
                    (Thread.Builder.OfVirtual) builder.newInstance(scheduler);
            return threads.name(name).unstarted(task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one object that {@code thread} hands to its scheduler each time it can run. */
    Runnable continuationOf(Thread thread) {
        try {
            return (Runnable) continuation.get(thread);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
