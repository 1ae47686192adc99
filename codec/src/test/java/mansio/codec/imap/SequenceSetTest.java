package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.TreeSet;

/** RFC 9051 9: sequence-set, what it means and how it is printed. */
class SequenceSetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2,4:7,9,12:*  | 15 | 2,4:7,9,12:15
                    *:4,5:7       | 10 | 4:10
                    4:2           | 10 | 2:4
                    3291:*        | 20 | 20:3291
                    *             | 7  | 7
                    1,2,3,5       | 9  | 1:3,5
                    5,1,3,2,4     | 9  | 1:5
                    1:5,2:3       | 9  | 1:5
                    4294967295    | 9  | 4294967295
                    """)
    void resolves(String set, long largest, String resolved) throws Exception {
        assertThat(SequenceSet.parseRanges(input(set)).resolve(largest)).hasToString(resolved);
    }

    @ParameterizedTest
    @CsvSource({"0", "a", "1:", "':1'", "','", "'1,,2'", "4294967296", "1:0", "-1"})
    void refuses(String set) {
        assertThatThrownBy(
                        () -> {
                            CommandInput in = input(set);
                            SequenceSet.parse(in);
                            in.expectEnd();
                        })
                .isInstanceOf(BadCommandException.class);
    }

    @Test
    void printsWhatItRead() throws Exception {
        for (String set : new String[] {"1", "*", "1:*", "*:1", "5,3:1,7", "$"}) {
            assertThat(SequenceSet.parse(input(set))).hasToString(set);
        }
    }

    /** Against a plain set of numbers. */
    @Test
    void rangesAreTheSetOfTheirNumbers() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TreeSet<Long> expected = new TreeSet<>();
            long[] pairs = new long[random.nextInt(20) * 2];
            for (int i = 0; i < pairs.length; i += 2) {
                pairs[i] = 1 + random.nextInt(60);
                pairs[i + 1] = pairs[i] + random.nextInt(6);
                for (long n = pairs[i]; n <= pairs[i + 1]; n++) {
                    expected.add(n);
                }
            }
            NumberRanges ranges = NumberRanges.ofUnordered(pairs);
            assertThat(ranges.size()).as("seed %d", seed).isEqualTo(expected.size());
            for (long n = 0; n < 70; n++) {
                assertThat(ranges.contains(n))
                        .as("seed %d, %d", seed, n)
                        .isEqualTo(expected.contains(n));
            }
            NumberRanges.Builder builder = new NumberRanges.Builder();
            expected.forEach(builder::add);
            assertThat(builder.build()).as("seed %d", seed).isEqualTo(ranges);
        }
    }

    private static CommandInput input(String text) throws Exception {
        return new CommandInput(new ScriptedFeed(text + "\r\n"), Limits.AFTER_LOGIN);
    }
}
