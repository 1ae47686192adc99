package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.imap.AppendParser.AppendMessage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RFC 9051 section 6.3.12, RFC 3502, RFC 3516, RFC 6855. */
class AppendParserTest {
    private record Appended(AppendMessage message, String octets) {}

    private final List<Appended> appended = new ArrayList<>();

    private ScriptedFeed append(String sent) throws Exception {
        ScriptedFeed feed = new ScriptedFeed(sent);
        CommandInput in = new CommandInput(feed, Limits.AFTER_LOGIN);
        CommandParser parser = new CommandParser(in, MailboxPath.Form.UTF7);
        parser.tag();
        assertThat(parser.command()).isEqualTo(new Command.Append(new MailboxPath("saved")));
        AppendParser messages = new AppendParser(in);
        for (Optional<AppendMessage> next = messages.next();
                next.isPresent();
                next = messages.next()) {
            in.begin(next.get().literal());
            byte[] octets = new byte[(int) next.get().literal().length()];
            in.read(octets, 0, octets.length);
            appended.add(new Appended(next.get(), new String(octets, StandardCharsets.ISO_8859_1)));
            messages.endMessage();
        }
        return feed;
    }

    /** RFC 3502 section 6.3.11, shortened. */
    @Test
    void readsSeveralMessages() throws Exception {
        ScriptedFeed feed =
                append(
                        "A003 APPEND saved (\\Seen) {3}\r\nabc"
                                + " (\\Seen $MDNSent) \" 7-feb-1994 22:43:04 -0800\" {2+}\r\nde"
                                + " {0}\r\n\r\n");
        assertThat(feed.goAheads).isEqualTo(2);
        assertThat(feed.left()).isZero();
        assertThat(appended).extracting(Appended::octets).containsExactly("abc", "de", "");
        assertThat(appended.get(1).message().flags()).containsExactly("\\Seen", "$MDNSent");
        assertThat(appended.get(1).message().internalDate())
                .contains(OffsetDateTime.parse("1994-02-07T22:43:04-08:00"));
    }

    @Test
    void readsBinaryAndUtf8() throws Exception {
        append("A APPEND saved ~{2}\r\n\0x UTF8 (~{3+}\r\nabc)\r\n");
        assertThat(appended)
                .extracting(one -> one.message().literal().kind())
                .containsExactly(LiteralHeader.Kind.BINARY, LiteralHeader.Kind.UTF8);
        assertThat(appended).extracting(Appended::octets).containsExactly("\0x", "abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A APPEND saved\r\n",
                "A APPEND saved (\\Seen)\r\n",
                "A APPEND saved \"text\"\r\n",
                "A APPEND saved \"32-Jan-2020 00:00:00 +0000\" {1+}\r\nx\r\n",
                "A APPEND saved \"01-Jan-2020 25:00:00 +0000\" {1+}\r\nx\r\n",
                "A APPEND saved UTF8 (~{1+}\r\nx\r\n",
                "A APPEND saved CATENATE (TEXT {1+}\r\nx)\r\n",
                "A APPEND saved {1+}\r\nxy\r\n"
            })
    void refuses(String sent) {
        assertThatThrownBy(() -> append(sent)).isInstanceOf(BadCommandException.class);
    }
}
