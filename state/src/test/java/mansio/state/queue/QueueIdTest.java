package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class QueueIdTest {
    @Test
    void theTextFormReadsBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            QueueId id = new QueueId(random.nextLong());
            assertThat(QueueId.parse(id.toString())).contains(id);
            assertThat(QueueId.parse(id.toString().toUpperCase(java.util.Locale.ROOT)))
                    .contains(id);
        }
    }

    @Test
    void textThatIsNoIdIsNone() {
        assertThat(QueueId.parse("")).isEmpty();
        assertThat(QueueId.parse("0000000000000")).contains(new QueueId(0));
        assertThat(QueueId.parse("000000000000i")).isEmpty();
        assertThat(QueueId.parse("g000000000000")).isEmpty();
        assertThat(QueueId.parse("00000000000000")).isEmpty();
    }

    @Test
    void shardAndTimeAreInIt() {
        long millis = 1_795_000_000_000L;
        QueueId id = QueueId.of(63, (millis << QueueId.COUNTER_BITS) | 7);
        assertThat(id.shard()).isEqualTo(63);
        assertThat(id.madeAt().toEpochMilli()).isEqualTo(millis);
    }
}
