package mansio.trust.authres;

import mansio.codec.message.FieldPrinter;
import mansio.codec.message.HeaderField;
import mansio.codec.text.SyntaxException;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The value of an Authentication-Results field (RFC 8601 section 2.2).
 *
 * @param authservId who says so, as spelled, without quotes
 * @param results in order; empty when nothing was checked ({@code none})
 */
public record AuthenticationResults(String authservId, List<MethodResult> results) {
    /** The name of the field. */
    public static final String FIELD = "Authentication-Results";

    /** The one version of the grammar there is (RFC 8601 section 2.6). */
    public static final int VERSION = 1;

    public AuthenticationResults {
        if (authservId.isBlank()) {
            throw new IllegalArgumentException("no authserv-id");
        }
        results = List.copyOf(results);
    }

    /**
     * Reads a value, unfolded or not.
     *
     * @throws SyntaxException when it is none, of another version, or beyond the limits: 64 KiB,
     *     100 results, 50 properties of one
     */
    public static AuthenticationResults parse(String value) {
        return new ResultsParser(value).payload();
    }

    /** As {@link #parse}, for callers to whom a broken field is a normal answer. */
    public static Optional<AuthenticationResults> tryParse(String value) {
        try {
            return Optional.of(parse(value));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** The results of a field, whatever its name. */
    public static Optional<AuthenticationResults> of(HeaderField field) {
        return tryParse(field.unfolded());
    }

    /** The results of one method, such as the several of {@code dkim}. */
    public List<MethodResult> of(String method) {
        return results.stream().filter(result -> result.method().equals(method)).toList();
    }

    /**
     * The whole field, folded, ended by CRLF. Text from outside stays within its value: it is
     * quoted where needed, control characters become question marks, and what is longer than 300
     * chars is cut.
     */
    public byte[] toField() {
        return FieldPrinter.structured(FIELD, pieces().toList());
    }

    /** The words of the value, between which a line may be folded. */
    Stream<String> pieces() {
        return ResultsPrinter.pieces(this);
    }
}
