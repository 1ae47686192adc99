package mansio.trust.authres;

import mansio.codec.message.FieldPrinter;
import mansio.codec.text.SyntaxException;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The value of an ARC-Authentication-Results field (RFC 8617 section 4.1.1): the results of one
 * server on the way.
 *
 * @param instance 1 to 50, the number of the ARC set
 */
public record ArcResults(int instance, AuthenticationResults results) {
    /** The name of the field. */
    public static final String FIELD = "ARC-Authentication-Results";

    /** RFC 8617 section 4.2.1. */
    public static final int MAX_INSTANCE = 50;

    public ArcResults {
        if (instance < 1 || instance > MAX_INSTANCE) {
            throw new IllegalArgumentException("instance " + instance);
        }
    }

    /**
     * Reads a value, unfolded or not.
     *
     * @throws SyntaxException as {@link AuthenticationResults#parse}
     */
    public static ArcResults parse(String value) {
        ResultsParser parser = new ResultsParser(value);
        return new ArcResults(parser.instance(), parser.payload());
    }

    /** As {@link #parse}, for callers to whom a broken field is a normal answer. */
    public static Optional<ArcResults> tryParse(String value) {
        try {
            return Optional.of(parse(value));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** The whole field, as {@link AuthenticationResults#toField}. */
    public byte[] toField() {
        Stream<String> first = Stream.of("i=" + instance + ";");
        return FieldPrinter.structured(FIELD, Stream.concat(first, results.pieces()).toList());
    }
}
