package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import mansio.codec.text.Address;
import mansio.codec.text.TransferDecoder;
import mansio.codec.text.TransferEncoder;

import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Random;

/** Well-formed generated messages: two other libraries must see what we see. */
final class OracleTest {
    private static final String[] WORDS = {
        "hello", "Grüße", "日本語", "a, b", "\"quoted\"", "x\\y", "Re:", "long".repeat(20), "(comment)"
    };

    private final Random random = new Random(20_260_103L);
    private int boundaries;

    @Test
    void mime4jSeesTheSameTree() throws Exception {
        for (int round = 0; round < 200; round++) {
            byte[] message = message();
            StringBuilder ours = new StringBuilder();
            describe(message, MessageParser.parse(message).root(), ours);
            Message parsed =
                    new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(message));
            StringBuilder theirs = new StringBuilder();
            describe(parsed, theirs);
            assertThat(ours.toString()).as("round %d", round).isEqualTo(theirs.toString());
        }
    }

    @Test
    void angusReadsTheSameHeader() throws MessagingException {
        Session session = Session.getInstance(new Properties());
        for (int round = 0; round < 200; round++) {
            byte[] message = message();
            Header header = MessageParser.parse(message).header();
            MimeMessage theirs = new MimeMessage(session, new ByteArrayInputStream(message));
            assertThat(header.first("Subject").orElseThrow().decoded())
                    .isEqualTo(theirs.getSubject());
            List<String> shown = new ArrayList<>();
            for (jakarta.mail.Address address : theirs.getAllRecipients()) {
                InternetAddress one = (InternetAddress) address;
                shown.add(one.getPersonal() + " " + one.getAddress());
            }
            List<String> ours =
                    AddressList.parse(header.value("To").orElseThrow()).mailboxes().stream()
                            .map(a -> a.displayName() + " " + a.address().orElseThrow())
                            .toList();
            assertThat(ours).isEqualTo(shown);
            assertThat(MailDate.parse(header.value("Date").orElseThrow()).orElseThrow().toInstant())
                    .isEqualTo(theirs.getSentDate().toInstant());
        }
    }

    private byte[] message() throws MessagingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> to = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            to.add(FieldPrinter.mailbox(phrase(), Address.parse("user" + i + "@example.org")));
        }
        out.writeBytes(FieldPrinter.structured("To", List.of(String.join(", ", to).split(" "))));
        out.writeBytes(FieldPrinter.unstructured("Subject", phrase()));
        out.writeBytes(Samples.bytes("Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n"));
        entity(out, 0);
        return out.toByteArray();
    }

    private String phrase() {
        StringBuilder out = new StringBuilder("Name");
        for (int i = random.nextInt(6); i > 0; i--) {
            out.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return out.toString();
    }

    private void entity(ByteArrayOutputStream out, int depth) {
        int kind = depth < 4 ? random.nextInt(5) : 0;
        if (kind >= 3) {
            String boundary = "=_b " + boundaries++ + "'()+_,-./:=?x";
            out.writeBytes(
                    Samples.bytes(
                            "Content-Type: multipart/mixed;\r\n boundary=\""
                                    + boundary
                                    + "\"\r\n\r\n"));
            for (int i = 0; i <= random.nextInt(3); i++) {
                out.writeBytes(Samples.bytes("--" + boundary + "\r\n"));
                entity(out, depth + 1);
                out.writeBytes(Samples.bytes("\r\n"));
            }
            out.writeBytes(Samples.bytes("--" + boundary + "--\r\n"));
        } else if (kind == 2) {
            out.writeBytes(Samples.bytes("Content-Type: message/rfc822\r\n\r\n"));
            out.writeBytes(Samples.bytes("Subject: inner\r\n"));
            entity(out, depth + 1);
        } else {
            leaf(out);
        }
    }

    private void leaf(ByteArrayOutputStream out) {
        byte[] body = new byte[random.nextInt(300)];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (random.nextInt(6) == 0 ? '-' : 'a' + random.nextInt(26));
        }
        boolean base64 = random.nextBoolean();
        String encoding = base64 ? "base64" : "quoted-printable";
        out.writeBytes(
                Samples.bytes(
                        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
                                + encoding
                                + "\r\n\r\n"));
        out.writeBytes(
                base64 ? TransferEncoder.base64(body) : TransferEncoder.quotedPrintable(body));
    }

    private static void describe(byte[] message, Part part, StringBuilder out) {
        out.append('(').append(part.contentType().mediaType());
        part.children().forEach(child -> describe(message, child, out));
        part.message().ifPresent(inner -> describe(message, inner, out));
        if (part.children().isEmpty() && part.message().isEmpty()) {
            Extent extent = part.extent();
            byte[] raw =
                    Arrays.copyOfRange(message, (int) extent.bodyStart(), (int) extent.bodyEnd());
            out.append(' ').append(text(TransferDecoder.decodeAll(part.transferEncoding(), raw)));
        }
        out.append(')');
    }

    private static void describe(Entity entity, StringBuilder out) throws IOException {
        out.append('(').append(entity.getMimeType());
        Body body = entity.getBody();
        if (body instanceof Multipart multipart) {
            for (Entity child : multipart.getBodyParts()) {
                describe(child, out);
            }
        } else if (body instanceof Message message) {
            describe(message, out);
        } else if (body instanceof SingleBody single) {
            out.append(' ').append(text(single.getInputStream().readAllBytes()));
        }
        out.append(')');
    }

    private static String text(byte[] decoded) {
        return new String(decoded, StandardCharsets.UTF_8).strip();
    }
}
