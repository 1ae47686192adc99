package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

final class MessageFactsTest {
    private static final byte[] MESSAGE =
            Samples.crlf(
                    """
                    From: "A. Author" <a@b.example>
                    To: list: x@y.example, =?utf-8?Q?=C3=A9?= <z@y.example>;, lonely
                    Subject: =?utf-8?Q?caf=C3=A9?=
                     folded
                    Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
                    Message-ID: <1@b.example>
                    Reply-To:
                    MIME-Version: 1.0
                    Content-Type: multipart/mixed; boundary=b
                    Content-Language: en, de

                    --b
                    Content-Type: text/plain; charset=utf-8; name*0="a"; name*1="b"
                    Content-ID: <p1@b.example>
                    Content-Transfer-Encoding: QUOTED-PRINTABLE
                    Content-Disposition: inline; filename=x.txt
                    Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                    Content-Location: http://example.org/

                    one
                    two
                    --b
                    Content-Type: message/rfc822

                    From: inner@b.example
                    Subject: inner

                    text
                    --b
                    Content-Type: image/png
                    Content-Transfer-Encoding: base64
                    Content-Description: a picture

                    AAAA
                    --b
                    Content-Type: multipart/mixed

                    nothing
                    --b--
                    """);

    @Test
    void envelope() {
        Envelope envelope = Envelope.of(MessageParser.parse(MESSAGE).header());
        assertThat(envelope.text().subject()).contains("=?utf-8?Q?caf=C3=A9?= folded");
        assertThat(envelope.text().messageId()).contains("<1@b.example>");
        assertThat(envelope.text().inReplyTo()).isEmpty();
        Envelope.Addresses addresses = envelope.addresses();
        assertThat(addresses.origin().from().getFirst().name()).contains("A. Author");
        assertThat(addresses.origin().replyTo()).isEqualTo(addresses.origin().from());
        assertThat(addresses.origin().sender()).isEqualTo(addresses.origin().from());
        assertThat(addresses.cc()).isEmpty();
        assertThat(addresses.to()).hasSize(5);
        assertThat(addresses.to().get(0).host()).isEmpty();
        assertThat(addresses.to().get(0).mailbox()).contains("list");
        assertThat(addresses.to().get(2).name()).contains("=?utf-8?Q?=C3=A9?=");
        assertThat(addresses.to().get(3)).isEqualTo(Envelope.Item.GROUP_END);
        assertThat(addresses.to().get(4).mailbox()).contains("lonely");
        assertThat(addresses.to().get(4).host()).contains("");
    }

    @Test
    void bodyStructure() {
        BodyStructure structure = BodyStructure.of(MessageParser.parse(MESSAGE).root());
        BodyStructure.Multipart multipart = (BodyStructure.Multipart) structure;
        assertThat(multipart.children()).hasSize(4);
        assertThat(multipart.facts().extension().languages()).containsExactly("en", "de");
        BodyStructure.Facts text = multipart.children().get(0).facts();
        assertThat(multipart.children().get(0)).isInstanceOf(BodyStructure.Text.class);
        assertThat(text.fields().encoding()).isEqualTo("quoted-printable");
        assertThat(text.fields().id()).contains("<p1@b.example>");
        assertThat(text.extent().bodySize()).isEqualTo(8);
        assertThat(text.extent().bodyLines()).isEqualTo(1);
        assertThat(text.contentType().parameters().raw("name*1")).contains("b");
        assertThat(text.contentType().parameters().value("name")).contains("ab");
        assertThat(text.extension().md5()).contains("Q2hlY2sgSW50ZWdyaXR5IQ==");
        assertThat(text.extension().disposition().flatMap(Disposition::filename)).contains("x.txt");
        BodyStructure.Message message = (BodyStructure.Message) multipart.children().get(1);
        assertThat(message.envelope().text().subject()).contains("inner");
        assertThat(message.body()).isInstanceOf(BodyStructure.Text.class);
        assertThat(multipart.children().get(2)).isInstanceOf(BodyStructure.Basic.class);
        BodyStructure.Facts opaque = multipart.children().get(3).facts();
        assertThat(opaque.contentType().mediaType()).isEqualTo("application/octet-stream");
    }

    @Test
    void roundTrips() {
        MessageFacts facts = MessageFacts.of(MessageParser.parse(MESSAGE));
        assertThat(MessageFacts.decode(facts.encode())).isEqualTo(facts);
        assertThat(facts.complete()).isTrue();
        for (String name : Samples.corpus()) {
            MessageFacts one = MessageFacts.of(MessageParser.parse(Samples.resource(name)));
            assertThat(MessageFacts.decode(one.encode())).as(name).isEqualTo(one);
        }
    }

    @Test
    void damageIsASyntaxError() {
        byte[] encoded = MessageFacts.of(MessageParser.parse(MESSAGE)).encode();
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = encoded.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                MessageFacts.decode(damaged);
            } catch (SyntaxException e) {
                assertThat(e.offset()).isBetween(0, damaged.length);
            }
        }
        byte[] cut = Arrays.copyOf(encoded, encoded.length - 1);
        assertThatThrownBy(() -> MessageFacts.decode(cut)).isInstanceOf(SyntaxException.class);
        byte[] manyItems = {1, 1, 0, 0, 0, 0, 0, -1, -1, -1, -1, 7};
        assertThatThrownBy(() -> MessageFacts.decode(manyItems)).hasMessage("count too large");
        assertThatThrownBy(() -> MessageFacts.decode(new byte[] {99}))
                .isInstanceOf(SyntaxException.class);
    }

    @Test
    void tooLargeFactsAreMadeSmaller() {
        String part = "--b\r\nContent-Type: text/plain; name=" + "x".repeat(300) + "\r\n\r\nx\r\n";
        byte[] message =
                Samples.bytes(
                        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                                + part.repeat(5000));
        MessageFacts facts = MessageFacts.of(MessageParser.parse(message));
        assertThat(facts.complete()).isFalse();
        assertThat(facts.envelope().addresses().origin().from()).hasSize(1);
        assertThat(facts.encode().length).isLessThan(MessageFacts.MAX_ENCODED);
        byte[] manyAddresses =
                Samples.bytes(
                        "To: " + ("a@" + "b".repeat(60) + ",\r\n ").repeat(15_000) + "\r\n\r\n");
        MessageFacts bare = MessageFacts.of(MessageParser.parse(manyAddresses));
        assertThat(bare.encode().length).isLessThan(MessageFacts.MAX_ENCODED);
        assertThat(MessageFacts.decode(bare.encode())).isEqualTo(bare);
    }
}
