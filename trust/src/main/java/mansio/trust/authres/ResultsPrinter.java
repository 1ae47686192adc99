package mansio.trust.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes what {@link ResultsParser} reads. */
final class ResultsPrinter {
    /** An address has 318 octets at most, and a line of a message 998. */
    private static final int MAX_VALUE = 300;

    private final List<String> pieces = new ArrayList<>();

    private ResultsPrinter() {}

    static Stream<String> pieces(AuthenticationResults field) {
        ResultsPrinter printer = new ResultsPrinter();
        printer.print(field);
        return printer.pieces.stream();
    }

    private void print(AuthenticationResults field) {
        String authservId = field.authservId();
        String id = ResultsParser.isToken(authservId) ? authservId : quoted(authservId);
        if (field.results().isEmpty()) {
            words(id + ";");
            pieces.add("none");
            return;
        }
        words(id);
        for (MethodResult result : field.results()) {
            end();
            pieces.add(result.method() + "=" + result.result());
            result.reason().ifPresent(reason -> words("reason=" + quoted(reason)));
            for (MethodResult.Property property : result.properties()) {
                String type = property.type().isEmpty() ? "" : property.type() + ".";
                words(type + property.name() + "=" + value(property.value()));
            }
        }
    }

    private void end() {
        pieces.add(pieces.removeLast() + ";");
    }

    /** A line may be folded before a space, within quotes too (RFC 5322 section 3.2.4). */
    private void words(String text) {
        pieces.addAll(List.of(text.split(" ")));
    }

    private static String value(String text) {
        return ResultsParser.isPlain(text) && text.length() <= MAX_VALUE ? text : quoted(text);
    }

    /** Quoted, every run of spaces made one. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        int length = Math.min(text.length(), MAX_VALUE);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                if (out.length() > 1 && out.charAt(out.length() - 1) != ' ') {
                    out.append(' ');
                }
            } else if (Character.isISOControl(c)) {
                out.append('?');
            } else {
                if (c == '"' || c == '\\') {
                    out.append('\\');
                }
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
