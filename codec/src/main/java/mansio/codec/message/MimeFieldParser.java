package mansio.codec.message;

import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Grammar of RFC 2045 section 5.1 and RFC 2183 section 2, on unfolded values, lenient: a missing
 * semicolon, unquoted values with spaces or specials, and unfinished quotes are taken as senders
 * mean them.
 */
final class MimeFieldParser {
    private final Cursor in;

    private MimeFieldParser(String value) {
        this.in = new Cursor(value);
    }

    // content := "Content-Type" ":" type "/" subtype *(";" parameter)
    static Optional<ContentType> contentType(String value) {
        MimeFieldParser parser = new MimeFieldParser(value);
        String type = parser.token();
        if (type.isEmpty() || !parser.in.take('/')) {
            return Optional.empty();
        }
        String subtype = parser.token();
        if (subtype.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ContentType(Ascii.lower(type), Ascii.lower(subtype), parser.parameters()));
    }

    // disposition := "Content-Disposition" ":" disposition-type *(";" disposition-parm)
    static Optional<Disposition> disposition(String value) {
        MimeFieldParser parser = new MimeFieldParser(value);
        String type = parser.token();
        return type.isEmpty()
                ? Optional.empty()
                : Optional.of(new Disposition(Ascii.lower(type), parser.parameters()));
    }

    private String token() {
        skipCfws();
        String token = in.takeWhile(MimeFieldParser::isTokenChar);
        skipCfws();
        return token;
    }

    private Parameters parameters() {
        List<Parameters.Parameter> list = new ArrayList<>(4);
        while (!in.atEnd() && list.size() < Limits.PARAMETERS) {
            if (!parameter(list)) {
                in.skipWhile(c -> c != ';');
                in.take(';');
            }
        }
        return list.isEmpty() ? Parameters.NONE : new Parameters(list);
    }

    // parameter := attribute "=" value
    private boolean parameter(List<Parameters.Parameter> list) {
        skipCfws();
        while (in.take(';')) {
            skipCfws();
        }
        String name = token();
        if (name.isEmpty() || !in.take('=')) {
            return false;
        }
        skipCfws();
        String value = in.take('"') ? quoted() : unquoted();
        if (!value.isEmpty()) {
            list.add(new Parameters.Parameter(Ascii.lower(name), value));
        }
        return true;
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        while (!in.atEnd() && !in.take('"')) {
            char c = in.next();
            // A backslash before other chars is a path of Windows, which Internet Explorer sent.
            boolean escape = c == '\\' && (in.peek() == '"' || in.peek() == '\\');
            out.append(escape ? in.next() : c);
        }
        skipCfws();
        return out.toString();
    }

    /** A token; or text with spaces up to the next semicolon or the next "name=". */
    private String unquoted() {
        int start = in.offset();
        int end = start;
        while (!in.atEnd() && in.peek() != ';') {
            if (isSpace(in.peek())) {
                in.skipWhile(MimeFieldParser::isSpace);
                if (in.peek() == '(') {
                    skipCfws();
                    break;
                }
                if (startsParameter()) {
                    break;
                }
            } else {
                in.skipWhile(c -> c != ';' && !isSpace(c));
                end = in.offset();
            }
        }
        return in.between(start, end);
    }

    /** Looks ahead over one word; each word is looked at once, so this stays linear. */
    private boolean startsParameter() {
        int start = in.offset();
        in.skipWhile(c -> isTokenChar(c) && c != '=');
        boolean found = in.offset() > start && in.peek() == '=';
        in.reset(start);
        return found;
    }

    /** Skips white space and nested comments. */
    private void skipCfws() {
        int depth = 0;
        while (!in.atEnd()) {
            int c = in.peek();
            if (c == '(') {
                depth++;
            } else if (depth > 0 && c == ')') {
                depth--;
            } else if (depth > 0 && c == '\\') {
                in.next();
                if (in.atEnd()) {
                    return;
                }
            } else if (depth == 0 && !isSpace(c)) {
                return;
            }
            in.next();
        }
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    // RFC 2045 5.1: token, without tspecials; non-ASCII is tolerated.
    private static boolean isTokenChar(char c) {
        return c > ' ' && c != 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
