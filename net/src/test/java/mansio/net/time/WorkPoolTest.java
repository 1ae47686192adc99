package mansio.net.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

@Timeout(300)
class WorkPoolTest {
    @Test
    void closingEndsTheThreadsAndLeavesNobodyWaiting() throws Exception {
        WorkPool pool = new WorkPool("test-work", 1, 2);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FutureTask<Thread> worker =
                new FutureTask<>(
                        () ->
                                pool.run(
                                        () -> {
                                            running.countDown();
                                            computeUntil(go);
                                            return Thread.currentThread();
                                        }));
        Thread.ofVirtual().start(worker);
        running.await();
        FutureTask<String> behind = new FutureTask<>(() -> pool.run(() -> "never"));
        Thread caller = Thread.ofVirtual().start(behind);
        while (caller.getState() != Thread.State.WAITING) Thread.onSpinWait();

        pool.close();
        assertThatThrownBy(behind::get).cause().hasMessage("the server stops");
        assertThatThrownBy(() -> pool.run(() -> "late"))
                .isInstanceOf(IOException.class)
                .hasMessage("the server stops");
        go.countDown();
        Thread ofThePool = worker.get();
        ofThePool.join();
        assertThat(ofThePool.isAlive()).isFalse();
    }

    /** As a hash does, whether the thread is interrupted or not. */
    private static void computeUntil(CountDownLatch latch) {
        while (latch.getCount() > 0) Thread.onSpinWait();
    }
}
