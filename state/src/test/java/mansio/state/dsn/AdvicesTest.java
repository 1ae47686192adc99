package mansio.state.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** The table of docs/replies.md as the program reads it. */
class AdvicesTest {
    private static final Advices ADVICES = Advices.read();

    private static Failure failure(String status, String reply) {
        return new Failure(status, Stage.RCPT, "mx.example.net", reply, "", Instant.EPOCH);
    }

    @Test
    void thePageHasItsRows() {
        assertThat(ADVICES.rows()).hasSizeGreaterThan(80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    5.1.1  | 550 5.1.1 <bob@example.net>: User unknown | mailbox does not exist
                    5.7.26 | 550-5.7.26 the sender is unauthenticated. | example.net wants mail to be
                    5.7.1  | 554 5.7.1 [192.0.2.1] blocked using zen.spamhaus.org | Spamhaus
                    5.7.1  | 554 5.7.1 <x@example.net>: Relay access denied | does not handle mail for example.net
                    5.0.0  | 550 relay not permitted | does not handle mail for example.net
                    5.0.0  | 550 Unrouteable address | does not exist
                    4.2.0  | 450 4.2.0 <x@example.net>: Greylisted | lets unknown servers wait
                    5.2.2  | 552-5.2.2 The email account is over quota. | The mailbox is full.
                    5.4.1  | 550 5.4.1 Access denied. AS(201806281) | knows no such recipient
                    5.0.0  | 554-gmx.net 554 Bad DNS PTR resource record. | reverse DNS
                    4.7.0  | 421 4.7.0 [TSS04] Messages temporarily deferred | Yahoo slows down
                    5.7.23 | 550 5.7.23 SPF validation failed | SPF check
                    5.5.0  | 550 5.5.0 mailbox unavailable | there, or does not take
                    4.4.1  | '' | cannot be reached
                    5.1.2  | '' | The domain example.net does not exist
                    5.9.9  | 599 whatever | refuses the message
                    """)
    void tellsTheCause(String status, String reply, String cause) {
        assertThat(ADVICES.on(failure(status, reply), "example.net"))
                .hasValueSatisfying(advice -> assertThat(advice.cause()).contains(cause));
    }

    /** The status in the reply is the other side's own; ours may be a guess from the code. */
    @Test
    void theStatusInTheReplyCounts() {
        assertThat(ADVICES.on(failure("5.0.0", "550 5.7.26 no"), "x.test").orElseThrow().cause())
                .contains("authenticated");
    }

    @Test
    void namesTheRowThatIsWrong() {
        assertThatThrownBy(() -> Advices.parse("| 5.7 | a | b | c |"))
                .hasMessageContaining("not a condition: 5.7");
        assertThatThrownBy(() -> Advices.parse("| 5.7.1 | a | b |"))
                .hasMessageContaining("not four cells");
    }
}
