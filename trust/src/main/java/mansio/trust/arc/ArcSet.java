package mansio.trust.arc;

import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;
import mansio.trust.dkim.Claim;
import mansio.trust.dkim.DkimSignature;
import mansio.trust.dkim.RawField;
import mansio.trust.dkim.TagList;

/**
 * The three fields that one sealer added (RFC 8617 section 4.2).
 *
 * @param instance 1 for the first sealer, at most {@link #MAX}
 * @param cv what the sealer says of the chain before it: its cv= tag, not checked
 */
record ArcSet(
        int instance, RawField results, Signed message, RawField seal, Claim sealer, String cv) {
    /** Sets on a message (section 4.2.1). */
    static final int MAX = 50;

    static final String RESULTS = "arc-authentication-results";
    static final String MESSAGE = "arc-message-signature";
    static final String SEAL = "arc-seal";

    /** An ARC-Message-Signature, and what it says. */
    record Signed(RawField field, DkimSignature signature) {}

    /**
     * Reads a set.
     *
     * @throws SyntaxException with the reason when one of the fields cannot be believed whatever
     *     the rest of the message is
     */
    static ArcSet of(int instance, RawField results, RawField message, RawField seal) {
        DkimSignature signature = DkimSignature.ofArc(TagList.parse(message.value()));
        if (signature.headers().contains(SEAL)) {
            throw new SyntaxException("the message signature signs a seal", 0);
        }
        TagList tags = TagList.parse(seal.value());
        if (tags.has("h")) {
            throw new SyntaxException("the seal has h=", 0);
        }
        DkimSignature.checkTime(tags);
        return new ArcSet(
                instance,
                results,
                new Signed(message, signature),
                seal,
                Claim.of(tags),
                tags.value("cv").orElse(""));
    }

    /** The cv= tag of a seal that is not read otherwise. */
    static String cv(RawField seal) {
        return TagList.parse(seal.value()).value("cv").orElse("");
    }

    // instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";"
    static int instanceOfResults(RawField field) {
        Cursor in = new Cursor(field.value());
        skipComments(in);
        in.expect('i');
        skipComments(in);
        in.expect('=');
        skipComments(in);
        int instance = checked(in.expectNumber(MAX));
        skipComments(in);
        in.expect(';');
        return instance;
    }

    static int instanceOfTags(RawField field) {
        String text = TagList.parse(field.value()).value("i").orElse("");
        Cursor in = new Cursor(text);
        int instance = checked(in.expectNumber(MAX));
        in.expectEnd();
        return instance;
    }

    private static int checked(long instance) {
        if (instance < 1) {
            throw new SyntaxException("an instance below 1", 0);
        }
        return (int) instance;
    }

    /** Skips white space, and comments without nesting, which no software writes here. */
    private static void skipComments(Cursor in) {
        in.skipWhile(ArcSet::isSpace);
        while (in.take('(')) {
            in.skipWhile(c -> c != ')');
            in.expect(')');
            in.skipWhile(ArcSet::isSpace);
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** What the results field says, behind the instance; text of the sealer, folded. */
    String resultsText() {
        String value = results.value();
        return value.substring(value.indexOf(';') + 1).strip();
    }
}
