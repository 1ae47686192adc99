package mansio.serve.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.message.FieldPrinter;
import mansio.codec.text.Address;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** A short letter such as people write; what a client leaves to the server is left out. */
final class TestMessage {
    private TestMessage() {}

    static byte[] of(Address from, Address to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 10);
        field(out, "From", "<" + from.toWire() + ">");
        field(out, "To", "<" + to.toWire() + ">");
        out.writeBytes(FieldPrinter.unstructured("Subject", "A test of how our mail arrives"));
        field(out, "MIME-Version", "1.0");
        field(out, "Content-Type", "text/plain; charset=utf-8");
        field(out, "Content-Transfer-Encoding", "7bit");
        out.writeBytes(
                """

                Hello,

                this message was sent to find out how mail from here looks to those
                who get it. It needs no answer.
                """
                        .replace("\n", "\r\n")
                        .getBytes(UTF_8));
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.writeBytes(FieldPrinter.structured(name, List.of(value)));
    }
}
