package mansio.trust.spf;

import mansio.codec.message.FieldPrinter;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.trust.spf.SpfResult.Step;

import java.util.ArrayList;
import java.util.List;

/**
 * Prints the Received-SPF field (RFC 7208 section 9.1). Whatever the sender and its records hold,
 * it stays within its comment or its quotes.
 */
public final class ReceivedSpf {
    /** The name of the field. */
    public static final String NAME = "Received-SPF";

    /** Chars of a value: with a backslash before each it still fits a line of 998 octets. */
    private static final int MAX_VALUE = 480;

    private ReceivedSpf() {}

    /**
     * The field with its line end, to stand above all others.
     *
     * @param receiver the host that checked
     */
    public static byte[] field(SpfResult result, Domain receiver) {
        List<String> pieces = new ArrayList<>();
        pieces.add(result.result().keyword());
        comment(receiver + ": " + result.reason(), pieces);
        pairs(result, receiver, pieces);
        return FieldPrinter.structured(NAME, pieces);
    }

    /** A comment of RFC 5322 section 3.2.2, word by word so that it can be folded. */
    private static void comment(String text, List<String> pieces) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == ')' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        pieces.addAll(List.of(out.append(')').toString().split(" ")));
    }

    private static void pairs(SpfResult result, Domain receiver, List<String> pieces) {
        SpfRequest request = result.request();
        pair("receiver", receiver.text(), pieces);
        pair("identity", request.identity().keyword(), pieces);
        pair("client-ip", request.clientText(), pieces);
        if (request.identity() == SpfRequest.Identity.MAILFROM) {
            pair("envelope-from", request.mailbox(), pieces);
        }
        pair("helo", request.helo(), pieces);
        switch (result.result()) {
            case PASS, FAIL, SOFTFAIL, NEUTRAL ->
                    pair("mechanism", result.match().map(Step::term).orElse("default"), pieces);
            case TEMPERROR, PERMERROR -> pair("problem", result.reason(), pieces);
            case NONE -> {}
        }
        // The last pair needs no semicolon.
        String last = pieces.removeLast();
        pieces.add(last.substring(0, last.length() - 1));
    }

    // key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
    private static void pair(String key, String value, List<String> pieces) {
        pieces.add(key + "=" + (isDotAtom(value) ? value : quoted(value)) + ";");
    }

    private static boolean isDotAtom(String text) {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? afterDot : !Ascii.isAtext(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    /** RFC 5322 section 3.2.4, and no octet beyond printable ASCII: a header is 7-bit safe. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8).append('"');
        for (char c : Expander.printable(text, MAX_VALUE).toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }
}
