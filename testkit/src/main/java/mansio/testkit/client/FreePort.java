package mansio.testkit.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Ports on loopback for servers that must know theirs before they open it. They lie below those
 * that the system gives to outgoing connections (Linux begins at 32,768), so that no connection
 * takes one in between, and no port is given twice by one process. Safe for use by any thread.
 */
public final class FreePort {
    private static final int FIRST = 22_000;
    private static final int COUNT = 7_000;
    private static final int FIRST_BASE = 11_000;
    private static final int BASES = 9_900;

    /** Processes that run at one time begin at different places. */
    private static final int START = (int) (ProcessHandle.current().pid() * 97 % COUNT);

    private static final AtomicInteger NEXT = new AtomicInteger(START);
    private static final AtomicInteger NEXT_BASE = new AtomicInteger(START);

    private FreePort() {}

    /**
     * A port that nobody listens at.
     *
     * @throws IOException when all are taken
     */
    public static int any() throws IOException {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) return port;
        }
        throw new IOException("no port is free");
    }

    /**
     * A port above which nobody listens at any of some distances.
     *
     * @param distances 0 to 1,000
     * @throws IOException when there is none
     */
    public static int base(int... distances) throws IOException {
        for (int tries = 0; tries < BASES; tries++) {
            int base = FIRST_BASE + Math.floorMod(NEXT_BASE.getAndIncrement(), BASES);
            if (IntStream.of(distances).allMatch(it -> isFree(base + it))) return base;
        }
        throw new IOException("no ports are free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
