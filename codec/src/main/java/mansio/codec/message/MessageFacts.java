package mansio.codec.message;

import mansio.codec.text.SyntaxException;

import java.util.List;
import java.util.Optional;

/**
 * What is derived once of a message and stored beside it, so that later reads need not parse.
 *
 * @param size bytes of the message
 * @param complete false when {@link #MAX_ENCODED} forced to leave out the structure
 */
public record MessageFacts(
        long size, Envelope envelope, BodyStructure structure, boolean complete) {
    /** Bytes of the encoded form at most: it fits one batch of the store with room to spare. */
    public static final int MAX_ENCODED = 256 * 1024;

    /** Derives them. Facts that would be larger than {@link #MAX_ENCODED} are made smaller. */
    public static MessageFacts of(ParsedMessage message) {
        Part root = message.root();
        Envelope envelope = Envelope.of(root.header());
        MessageFacts whole =
                new MessageFacts(message.size(), envelope, BodyStructure.of(root), true);
        if (FactsWriter.write(whole).length <= MAX_ENCODED) {
            return whole;
        }
        MessageFacts flat =
                new MessageFacts(message.size(), envelope, BodyStructure.opaque(root), false);
        return FactsWriter.write(flat).length <= MAX_ENCODED
                ? flat
                : new MessageFacts(message.size(), Envelope.of(Header.EMPTY), bare(root), false);
    }

    private static BodyStructure bare(Part root) {
        return BodyStructure.opaque(
                new Part(
                        Header.EMPTY,
                        root.extent(),
                        ContentType.TEXT_PLAIN,
                        "binary",
                        List.of(),
                        Optional.empty()));
    }

    /** The compact form, with its version; at most {@link #MAX_ENCODED} bytes for {@link #of}. */
    public byte[] encode() {
        return FactsWriter.write(this);
    }

    /**
     * Reads the compact form.
     *
     * @throws SyntaxException when the bytes are not one, or of a version not known here
     */
    public static MessageFacts decode(byte[] encoded) {
        return FactsReader.read(encoded);
    }
}
