package mansio.testkit.sim;

import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Runs real blocking code on real virtual threads, one at a time, in an order drawn from a seed.
 * Each time a thread blocks or yields, the next one is drawn from those that can run; when none
 * can, the clock jumps to the next timer. The same seed so gives the same run, and a failure can be
 * repeated (docs/design/simulation.md).
 *
 * <p>All of it happens on the thread that calls {@link #run}; nothing here needs a lock.
 */
public final class Simulation {
    /** The code to try; it runs as the thread {@code main}. */
    @FunctionalInterface
    public interface Body {
        void run(Simulation simulation) throws Exception;
    }

    /** Where the wall clock starts. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long MAX_STEPS = 5_000_000;
    private static final int MAX_STEP_NANOS = 2_000;
    private static final long NEVER_NANOS = Duration.ofDays(36_500).toNanos();

    private final long seed;
    private final SplittableRandom schedule;
    private final RandomGenerator random;
    private final Thread carrier = Thread.currentThread();
    private final SteppedThreads builder = new SteppedThreads();
    private final Trace trace = new Trace();
    private final Time time = new SimulatedTime();
    private final Node mainNode = new Node("main");

    /** Every thread that has started and not ended. */
    private final List<Stepped> alive = new ArrayList<>();

    private final List<Stepped> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Consumer<Node>> killHooks = new ArrayList<>();
    private @Nullable Stepped running;
    private long nanos = Duration.ofHours(1).toNanos();
    private Duration wallOffset = Duration.ZERO;
    private long timerCount;
    private boolean mainDone;
    // Written by a thread that has no business here, read by the carrier.
    private volatile @Nullable Throwable failure;

    private Simulation(long seed) {
        this.seed = seed;
        this.schedule = new SplittableRandom(seed);
        this.random = schedule.split();
    }

    /**
     * Runs {@code body} to its end. Threads that are still alive then are abandoned.
     *
     * @throws SimulationFailure when any thread throws, when all block for ever, or when something
     *     outside the simulation takes part; the message has the seed
     */
    public static Trace run(long seed, Body body) {
        Simulation simulation = new Simulation(seed);
        simulation.mainNode.start(
                "main",
                () -> {
                    try {
                        body.run(simulation);
                    } catch (Exception e) {
                        simulation.failed(e);
                    }
                    simulation.mainDone = true;
                });
        simulation.loop();
        return simulation.trace;
    }

    /** The simulated clocks. */
    public Time time() {
        return time;
    }

    /** Starts threads that live as long as the simulation. */
    public Threads threads() {
        return mainNode;
    }

    /** A program of its own, which can be killed. */
    public Node node(String name) {
        return new Node(name);
    }

    /** Random numbers for the code under test, from the seed. */
    public RandomGenerator random() {
        return random;
    }

    /** Adds an event to the trace. */
    public void trace(String event) {
        trace.add(running == null ? "-" : running.thread.getName(), event);
    }

    /** Sets the wall clock on or back; deadlines do not notice. */
    public void moveWallClock(Duration by) {
        wallOffset = wallOffset.plus(by);
    }

    /**
     * Lets others run first, or not, as the seed will have it. Put into fakes, it makes orders
     * possible that blocking alone would never show. Not to be called within {@code synchronized}.
     */
    @SuppressWarnings("ThreadPriorityCheck") // This scheduler is ours: yielding means something.
    public void maybeYield() {
        if (schedule.nextInt(4) == 0) {
            Thread.yield();
        }
    }

    /** The node whose thread runs now. */
    Node currentNode() {
        return running == null ? mainNode : running.node;
    }

    void onKill(Consumer<Node> hook) {
        killHooks.add(hook);
    }

    private void loop() {
        while (!mainDone || failure != null) {
            if (failure != null) {
                throw report(describe(failure), failure);
            }
            if (trace.steps() > MAX_STEPS) {
                throw report("no end after " + MAX_STEPS + " steps", null);
            }
            fireTimers();
            if (!ready.isEmpty()) {
                step(ready.remove(schedule.nextInt(ready.size())));
            } else if (!jump()) {
                throw report("deadlock: no thread can run and no timer is set", null);
            }
        }
    }

    private void step(Stepped next) {
        trace.step();
        trace.add(next.thread.getName(), "runs");
        nanos += 1 + schedule.nextInt(MAX_STEP_NANOS);
        running = next;
        next.continuation.run();
        running = null;
        if (next.thread.getState() == Thread.State.TERMINATED) {
            alive.remove(next);
        }
    }

    private void fireTimers() {
        while (!timers.isEmpty() && timers.peek().dueNanos <= nanos) {
            Timer timer = timers.remove();
            if (timer.wanted()) {
                timer.action.run();
            }
        }
    }

    /** Moves the clock to the next timer; false when there is none. */
    private boolean jump() {
        while (!timers.isEmpty()) {
            if (timers.peek().wanted()) {
                nanos = timers.peek().dueNanos;
                return true;
            }
            timers.remove();
        }
        return false;
    }

    private void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** What the JDK calls when a thread can run: on the carrier, unless somebody cheats. */
    private void runnable(Stepped stepped) {
        if (!Thread.currentThread().equals(carrier) && !Thread.currentThread().isVirtual()) {
            failed(
                    new IllegalStateException(
                            stepped.thread.getName()
                                    + " was woken from outside the simulation by "
                                    + Thread.currentThread().getName()
                                    + ": a timed park, a monitor held while blocking, or a"
                                    + " platform thread"));
        } else if (!stepped.node.killed) {
            ready.add(stepped);
        }
    }

    private Timer timer(long dueNanos, Runnable action) {
        Timer timer = new Timer(dueNanos, timerCount++, currentNode(), action);
        timers.add(timer);
        return timer;
    }

    private static String describe(Throwable cause) {
        return cause instanceof SimulationFailure ? "failed" : cause.toString();
    }

    private SimulationFailure report(String what, @Nullable Throwable cause) {
        StringBuilder text = new StringBuilder(500);
        text.append("seed ").append(seed).append(": ").append(what).append("\nlast events:\n");
        text.append(trace.tail()).append("\nthreads:\n");
        for (Stepped stepped : alive) {
            text.append(stepped.thread.getName())
                    .append(' ')
                    .append(stepped.thread.getState())
                    .append('\n');
            for (StackTraceElement element : stepped.thread.getStackTrace()) {
                text.append("    at ").append(element).append('\n');
            }
        }
        return new SimulationFailure(text.toString(), cause);
    }

    /** A simulated program: its threads die together when it is killed. */
    public final class Node implements Threads {
        private final String name;
        private boolean killed;

        private Node(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        @Override
        public Thread start(String threadName, Runnable task) {
            Stepped[] self = new Stepped[1];
            Thread thread =
                    builder.unstarted(
                            threadName,
                            _ -> runnable(self[0]),
                            () -> {
                                try {
                                    task.run();
                                } catch (Throwable e) {
                                    failed(e);
                                }
                            });
            self[0] = new Stepped(thread, builder.continuationOf(thread), this);
            alive.add(self[0]);
            thread.start();
            return thread;
        }

        /**
         * Kills the program as kill -9 would: none of its threads runs again, its connections are
         * reset. When one of its own threads calls this it does not return.
         */
        public void kill() {
            trace("kills " + name);
            killHooks.forEach(hook -> hook.accept(this));
            killed = true;
            ready.removeIf(stepped -> stepped.node == this);
            alive.removeIf(stepped -> stepped.node == this && !stepped.equals(running));
            if (currentNode() == this) {
                while (true) {
                    LockSupport.park(this);
                }
            }
        }
    }

    private record Stepped(Thread thread, Runnable continuation, Node node) {}

    private static final class Timer implements Comparable<Timer> {
        final long dueNanos;
        final Runnable action;
        private final long number;
        private final Node node;
        private boolean cancelled;

        Timer(long dueNanos, long number, Node node, Runnable action) {
            this.dueNanos = dueNanos;
            this.number = number;
            this.node = node;
            this.action = action;
        }

        boolean wanted() {
            return !cancelled && !node.killed;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final class SimulatedTime implements Time {
        @Override
        public Instant now() {
            return START.plusNanos(nanos).plus(wallOffset);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            if (!duration.isPositive()) {
                return;
            }
            Thread sleeper = Thread.currentThread();
            long until = nanos + duration.toNanos();
            timer(until, () -> LockSupport.unpark(sleeper));
            while (nanos < until) {
                LockSupport.park(this);
            }
        }

        // The loop is the caller's, as the contract says.
        @SuppressWarnings("WaitNotInLoop")
        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            if (deadlineNanos - nanos <= 0) {
                return false;
            }
            if (deadlineNanos - nanos > NEVER_NANOS) {
                condition.awaitUninterruptibly();
                return true;
            }
            Node node = currentNode();
            Runnable wake =
                    () -> {
                        lock.lock();
                        try {
                            condition.signalAll();
                        } finally {
                            lock.unlock();
                        }
                    };
            // A timer holds no lock, so it takes a thread to signal.
            Timer timer = timer(deadlineNanos, () -> node.start("timer", wake));
            condition.awaitUninterruptibly();
            timer.cancel();
            return deadlineNanos - nanos > 0;
        }
    }
}
