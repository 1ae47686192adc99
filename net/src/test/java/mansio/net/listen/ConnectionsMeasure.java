package mansio.net.listen;

import mansio.codec.line.LineReader;
import mansio.net.dial.Target;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures what connections cost; figures in docs/design/connections.md. Two processes: {@code
 * serve} prints its ports, then at each line of its input the processor time and memory used since;
 * {@code short PORT COUNT}, {@code tls PORT COUNT} and {@code idle PORT COUNT} call it.
 */
public final class ConnectionsMeasure {
    private static final int CALLERS = 20;

    private ConnectionsMeasure() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve();
        } else {
            call(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        }
    }

    private static void serve() throws Exception {
        try (Loopback net = new Loopback()) {
            Service service =
                    connection -> {
                        LineReader in = net.lines(connection);
                        connection.idle(net.soon(Duration.ofMinutes(10)));
                        Loopback.send(connection, "220 measure\r\n");
                        in.readLine(512);
                        Loopback.send(connection, "221 bye\r\n");
                        in.release();
                    };
            Listening.Limits limits = new Listening.Limits(100_000, 4096, "");
            Listener plain = net.listen(new Listening.Tls.None(), limits, service);
            Listener tls = net.listen(new Listening.Tls.Implicit(Loopback.KEYS), limits, service);
            System.out.println("plain " + plain.port() + " tls " + tls.port());
            long cpu = cpuNanos();
            long heap = heap();
            long resident = resident();
            while (System.in.read() == '\n') {
                long open = net.sockets.openConnections();
                System.out.printf(
                        "open %d, cpu %d ms, heap %+d KiB, resident %+d KiB%n",
                        open,
                        (cpuNanos() - cpu) / 1_000_000,
                        (heap() - heap) / 1024,
                        (resident() - resident) / 1024);
                cpu = cpuNanos();
            }
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    private static void call(String how, int port, int count) throws Exception {
        try (Loopback net = new Loopback()) {
            Target target =
                    new Target(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            "localhost",
                            Target.Trust.ANY);
            AtomicInteger left = new AtomicInteger(count);
            CountDownLatch done = new CountDownLatch(CALLERS);
            List<Connection> kept = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < CALLERS; i++) {
                net.threads.start(
                        "caller",
                        () -> {
                            while (left.getAndDecrement() > 0) {
                                one(net, target, how, kept);
                            }
                            done.countDown();
                        });
            }
            done.await();
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%s: %d in %.2f s = %.0f/s%n", how, count, seconds, count / seconds);
            if (how.startsWith("idle")) {
                System.out.println("kept; a line ends it");
                int _ = System.in.read();
            }
        }
    }

    private static void one(Loopback net, Target target, String how, List<Connection> kept) {
        try {
            Connection connection = net.dialer.dial(target, net.soon(Duration.ofMinutes(10)));
            if (how.endsWith("tls")) {
                connection.startTls();
            }
            LineReader in = net.lines(connection);
            in.readLine(512);
            if (how.startsWith("idle")) {
                synchronized (kept) {
                    kept.add(connection);
                }
                return;
            }
            Loopback.send(connection, "QUIT\r\n");
            in.readLine(512);
            in.release();
            connection.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
