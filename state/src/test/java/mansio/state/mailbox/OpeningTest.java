package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.store.Key;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Store;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

/** What happens to a mailbox while it is read from the disk. */
class OpeningTest {
    private interface Step {
        void run() throws IOException;
    }

    /** Runs once, behind the next reading of blocks. */
    private final AtomicReference<Step> behindScan = new AtomicReference<>(() -> {});

    @Test
    void whatArrivesMeanwhileIsInTheView() throws IOException {
        try (Post post = new Post()) {
            long inbox = post.inbox();
            for (int i = 0; i < 70; i++) post.append(inbox, "m" + i, Flags.NONE);
            post.store = watched(post.store);
            post.accounts = post.accounts();
            post.alice = post.accounts.open(Post.ALICE);
            behindScan.set(
                    () -> {
                        for (int i = 0; i < 70; i++) post.append(inbox, "n" + i, Flags.NONE);
                        // Somebody asks, so that the arrivals are known before the reading ends.
                        assertThat(post.alice.quota().messages()).isEqualTo(140);
                    });
            MailboxView view = post.view(inbox);
            assertThat(view.uids()).isEqualTo(UidSet.range(1, 140));
        }
    }

    private Store watched(Store store) {
        return (Store)
                proxy(
                        Store.class,
                        (self, method, arguments) -> {
                            Object result = call(() -> method.invoke(store, arguments));
                            return result instanceof Partition partition
                                    ? watched(partition)
                                    : result;
                        });
    }

    private Partition watched(Partition partition) {
        return (Partition)
                proxy(
                        Partition.class,
                        (self, method, arguments) -> {
                            Object result = call(() -> method.invoke(partition, arguments));
                            if (method.getName().equals("scan") && isOfBlocks(arguments))
                                behindScan.getAndSet(() -> {}).run();
                            return result;
                        });
    }

    private static boolean isOfBlocks(Object[] arguments) {
        return ((Range) arguments[0]).from().startsWith(Key.table(Tables.BLOCK));
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object call(Call call) throws Throwable {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
