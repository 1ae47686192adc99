package mansio.codec.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict UTF-8 for names and passwords: what is malformed is refused, never replaced. */
final class Utf8 {
    private Utf8() {}

    static Optional<String> decode(byte[] bytes, int maxOctets) {
        if (bytes.length > maxOctets) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
