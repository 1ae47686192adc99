package mansio.codec.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * Undoes a Content-Transfer-Encoding (RFC 2045 section 6) as the bytes pass by: constant memory for
 * bodies of any size. It never fails on what it reads; what was odd is told by {@link #oddities()}.
 * One decoder for one body, used by one thread.
 */
public sealed interface TransferDecoder permits Base64Decoder, QuotedPrintableDecoder, Identity {
    /** What a lenient decoder had to overlook. */
    enum Oddity {
        /** A char that does not belong to the encoding was skipped (base64) or kept (qp). */
        FOREIGN_CHARACTER,
        /** Base64 data went on after its padding. */
        DATA_AFTER_PADDING,
        /** The end came inside a base64 quantum or a quoted-printable escape. */
        TRUNCATED
    }

    /** A decoder for an encoding name in any case; unknown names leave the bytes as they are. */
    static TransferDecoder of(String encoding) {
        return switch (Ascii.lower(encoding)) {
            case "base64" -> new Base64Decoder();
            case "quoted-printable" -> new QuotedPrintableDecoder();
            default -> new Identity();
        };
    }

    /** Decodes the next bytes; a unit cut at the end is kept for the next call. */
    void decode(byte[] in, int offset, int length, OutputStream out) throws IOException;

    /** Writes what was kept. To be called once, after the last bytes. */
    void finish(OutputStream out) throws IOException;

    /** What was odd so far. */
    Set<Oddity> oddities();

    /** Decodes a whole body in memory. */
    static byte[] decodeAll(String encoding, byte[] body) {
        TransferDecoder decoder = of(encoding);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        try {
            decoder.decode(body, 0, body.length, out);
            decoder.finish(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // An array does not fail.
        }
        return out.toByteArray();
    }
}
