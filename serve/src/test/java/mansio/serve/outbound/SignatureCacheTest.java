package mansio.serve.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.queue.QueueId;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.SigningOptions;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Signatures are made once, for a while, and a bounded number is kept. */
class SignatureCacheTest {
    private final FakeTime time = new FakeTime();
    private final SignatureCache cache = new SignatureCache(time);
    private final AtomicInteger made = new AtomicInteger();

    private static SignatureCache.Key key(int id, String... selectors) {
        return new SignatureCache.Key(
                new QueueId(1L << 40 | id),
                ByteBuffer.wrap(new byte[] {1}),
                List.of(selectors),
                SigningOptions.DEFAULT);
    }

    private byte[] get(SignatureCache.Key key) throws IOException {
        return cache.get(key, () -> new byte[] {(byte) made.incrementAndGet()});
    }

    @Test
    void onceForAKeyAndForAWhile() throws IOException {
        assertThat(get(key(1, "a"))).containsExactly(1);
        assertThat(get(key(1, "a"))).containsExactly(1);
        assertThat(get(key(2, "a"))).containsExactly(2);
        assertThat(get(key(1, "b"))).containsExactly(3);
        time.advance(SignatureCache.LIFETIME.minus(Duration.ofNanos(1)));
        assertThat(get(key(1, "a"))).containsExactly(1);
        time.advance(Duration.ofNanos(1));
        assertThat(get(key(1, "a"))).containsExactly(4);
    }

    @Test
    void theOldestMakesRoom() throws IOException {
        get(key(0));
        for (int i = 1; i < SignatureCache.MAX_SLOTS; i++) get(key(i));
        get(key(0));
        get(key(SignatureCache.MAX_SLOTS));
        assertThat(made).hasValue(SignatureCache.MAX_SLOTS + 1);
        get(key(0));
        assertThat(made).hasValue(SignatureCache.MAX_SLOTS + 1);
        get(key(1));
        assertThat(made).hasValue(SignatureCache.MAX_SLOTS + 2);
    }

    @Test
    void aFailureIsNotKept() throws IOException {
        SignatureCache.Making fails =
                () -> {
                    throw new IOException("no");
                };
        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(() -> cache.get(key(1), fails));
        assertThat(get(key(1))).containsExactly(1);
    }

    @Test
    void whoComesMeanwhileWaits() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SignatureCache.Making slow =
                () -> {
                    begun.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return new byte[] {(byte) made.incrementAndGet()};
                };
        Runnable asking =
                () -> {
                    try {
                        assertThat(cache.get(key(1), slow)).containsExactly(1);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                };
        Thread first = Thread.ofVirtual().start(asking);
        begun.await();
        Thread second = Thread.ofVirtual().start(asking);
        go.countDown();
        first.join();
        second.join();
        assertThat(made).hasValue(1);
    }
}
