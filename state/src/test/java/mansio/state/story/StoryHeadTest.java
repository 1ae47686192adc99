package mansio.state.story;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.store.Turn;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.List;

class StoryHeadTest {
    @Test
    void aHeadOfLongAddressesFitsAValue() {
        List<String> many = Collections.nCopies(1_000, "ä".repeat(400) + "@example.org");
        StoryHead head = new StoryHead(1, Instant.EPOCH, "m", "<>", many, many.size(), 10);
        ValueWriter out = new ValueWriter();
        head.writeTo(out);
        assertThat(out.toBytes()).hasSizeLessThan(Turn.MAX_VALUE_BYTES / 2 + 1_000);
        assertThat(StoryHead.readFrom(new ValueReader(out.toBytes()))).isEqualTo(head);
        assertThat(head.recipients()).hasSizeGreaterThan(30);
        assertThat(head.recipientCount()).isEqualTo(1_000);
    }
}
