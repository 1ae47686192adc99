package mansio.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

class LogfmtEncoderTest {
    private final Logger logger = new LoggerContext().getLogger("mansio.serve.inbound.Inbound");

    private String line(boolean journal, String message, KeyValuePair... pairs) {
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, null, null);
        event.setInstant(Instant.parse("2026-11-21T10:00:00.123456Z"));
        event.setKeyValuePairs(List.of(pairs));
        return new String(new LogfmtEncoder(journal).encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsOneLineOfPairs() {
        assertThat(
                        line(
                                false,
                                "accepted now",
                                new KeyValuePair("qid", "1a2b"),
                                new KeyValuePair("from", "")))
                .isEqualTo(
                        "time=2026-11-21T10:00:00.123Z level=warn room=inbound msg=\"accepted now\""
                                + " qid=1a2b from=\"\"\n");
    }

    @Test
    void nothingFromOutsideBreaksTheLine() {
        assertThat(line(true, "a\r\nlevel=error msg=\"forged\" \u001b[2J\u202e"))
                .isEqualTo(
                        "<4>level=warn room=inbound msg=\"a\\u000d\\n"
                                + "level=error msg=\\\"forged\\\" \\u001b[2J\\u202e\"\n");
    }
}
