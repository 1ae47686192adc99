package mansio.serve.imapserver;

import mansio.codec.line.BufferPool;
import mansio.net.time.Threads;
import mansio.net.time.Time;

import java.util.random.RandomGenerator;

/**
 * What a server needs of the machine.
 *
 * @param threads starts the notifier of a connection in IDLE, when there is something to tell
 * @param random a {@code SecureRandom} outside of tests: nonces are drawn from it
 * @param admission counts the sessions of all servers that share it
 */
public record Environment(
        Time time,
        Threads threads,
        RandomGenerator random,
        BufferPool buffers,
        Admission admission) {}
