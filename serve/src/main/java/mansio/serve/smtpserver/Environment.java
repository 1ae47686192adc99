package mansio.serve.smtpserver;

import mansio.codec.line.BufferPool;
import mansio.net.time.Time;

import java.util.random.RandomGenerator;

/**
 * What a server needs of the machine.
 *
 * @param random a {@code SecureRandom} outside of tests: nonces are drawn from it
 */
public record Environment(Time time, RandomGenerator random, BufferPool buffers) {}
