package mansio.net.time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Virtual threads of the JDK's own scheduler. */
public final class VirtualThreads implements Threads {
    private static final Logger log = LoggerFactory.getLogger(VirtualThreads.class);

    @Override
    public Thread start(String name, Runnable task) {
        return Thread.ofVirtual()
                .name(name)
                .uncaughtExceptionHandler(VirtualThreads::ended)
                .start(task);
    }

    private static void ended(Thread thread, Throwable cause) {
        log.error("Thread {} ended by an error of ours", thread.getName(), cause);
    }
}
