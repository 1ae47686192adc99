package mansio.trust.authres;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Grammar of RFC 8601 section 2.2 and RFC 8617 section 4.1.1. One method per production; linear,
 * without recursion. Wider than the grammar where large servers are: values may hold any visible
 * char but semicolons, quotes and parentheses, or be empty, properties may lack their type ({@code
 * action=none}), a result list may be empty or end in a semicolon.
 */
final class ResultsParser {
    /** Longest value that is looked at. */
    static final int MAX_LENGTH = 1 << 16;

    private static final int MAX_RESULTS = 100;
    private static final int MAX_PROPERTIES = 50;
    private static final int MAX_NUMBER = 999;

    private final Cursor in;

    ResultsParser(String value) {
        if (value.length() > MAX_LENGTH) {
            throw new SyntaxException("field is too long", MAX_LENGTH);
        }
        in = new Cursor(value);
    }

    // RFC 8617 4.2.1: instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS]
    int instance() {
        cfws();
        in.expectIgnoreCase("i");
        cfws();
        in.expect('=');
        cfws();
        int instance = (int) in.expectNumber(ArcResults.MAX_INSTANCE);
        if (instance == 0) {
            throw in.fail("expected an instance from 1 on");
        }
        cfws();
        in.expect(';');
        return instance;
    }

    // authres-payload = [CFWS] authserv-id [ CFWS authres-version ]
    //                   ( no-result / 1*resinfo ) [CFWS] CRLF
    AuthenticationResults payload() {
        String authservId = authservId();
        if (version() != AuthenticationResults.VERSION) {
            throw in.fail("another version");
        }
        List<MethodResult> results = new ArrayList<>();
        while (in.take(';')) {
            cfws();
            if (!in.atEnd() && in.peek() != ';' && !noResult()) {
                resinfo().ifPresent(results::add);
            }
            if (results.size() > MAX_RESULTS) {
                throw in.fail("too many results");
            }
        }
        in.expectEnd();
        return new AuthenticationResults(authservId, results);
    }

    // authserv-id = value
    String authservId() {
        cfws();
        boolean quoted = in.peek() == '"';
        String id = quoted ? quoted() : in.takeWhile(ResultsParser::isIdChar);
        cfws();
        int next = in.peek();
        boolean ended = next == ';' || next == Cursor.END;
        if (id.isBlank() || !(ended || Ascii.isDigit(next))) {
            throw in.fail("expected authserv-id");
        }
        return id;
    }

    // authres-version = 1*DIGIT [CFWS]
    int version() {
        return Ascii.isDigit(in.peek()) ? number() : AuthenticationResults.VERSION;
    }

    private int number() {
        int number = (int) in.expectNumber(MAX_NUMBER);
        cfws();
        return number;
    }

    // no-result = [CFWS] ";" [CFWS] "none"
    private boolean noResult() {
        int start = in.offset();
        if (in.takeIgnoreCase("none")) {
            cfws();
            if (in.atEnd() || in.peek() == ';') {
                return true;
            }
        }
        in.reset(start);
        return false;
    }

    // resinfo = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]
    // methodspec = [CFWS] method [CFWS] "=" [CFWS] result
    // method = Keyword [ [CFWS] "/" [CFWS] method-version ]
    private Optional<MethodResult> resinfo() {
        String method = keyword("method");
        int version = AuthenticationResults.VERSION;
        if (in.take('/')) {
            cfws();
            version = number();
        }
        in.expect('=');
        cfws();
        String result = keyword("result");
        Optional<String> reason = Optional.empty();
        List<MethodResult.Property> properties = new ArrayList<>();
        while (!in.atEnd() && in.peek() != ';') {
            String name = keyword("property");
            if (in.take('.')) {
                cfws();
                properties.add(new MethodResult.Property(name, keyword("property"), assigned()));
            } else if (name.equals("reason") && reason.isEmpty()) {
                reason = Optional.of(assigned());
            } else {
                properties.add(new MethodResult.Property("", name, assigned()));
            }
            if (properties.size() > MAX_PROPERTIES) {
                throw in.fail("too many properties");
            }
        }
        // RFC 8601 section 2.6: what another version of a method means is not known.
        return version == AuthenticationResults.VERSION
                ? Optional.of(new MethodResult(method, result, reason, properties))
                : Optional.empty();
    }

    private String keyword(String what) {
        String word = in.expectWhile(what, MethodResult::isKeywordChar);
        cfws();
        return Ascii.lower(word);
    }

    // pvalue = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS]
    private String assigned() {
        in.expect('=');
        cfws();
        int start = in.offset();
        String text = in.peek() == '"' ? quoted() : "";
        int afterQuotes = in.offset();
        in.skipWhile(ResultsParser::isValueChar);
        String value = in.offset() == afterQuotes ? text : in.between(start, in.offset());
        cfws();
        return value;
    }

    // RFC 5322 3.2.4, and RFC 6532
    private String quoted() {
        in.expect('"');
        StringBuilder out = new StringBuilder();
        while (!in.take('"')) {
            char c = in.next();
            out.append(c == '\\' ? in.next() : c);
        }
        return out.toString();
    }

    /** Skips white space and comments, nested as deeply as they like. */
    private void cfws() {
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
                    break;
                }
            } else if (depth == 0 && !isSpace(c)) {
                return;
            }
            in.next();
        }
        if (depth > 0) {
            throw in.fail("comment does not end");
        }
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isValueChar(char c) {
        return c > ' ' && c != 0x7f && c != ';' && c != '"' && c != '(' && c != ')';
    }

    // RFC 2045 5.1: token. A slash is met in identifiers that name a part of a service.
    static boolean isIdChar(char c) {
        return isValueChar(c) && "<>@,:\\[]?=".indexOf(c) < 0;
    }

    /** Whether a value can stand without quotes: a token, or {@code [[local-part] "@"] domain}. */
    static boolean isPlain(String value) {
        if (isToken(value)) {
            return true;
        }
        if (value.startsWith("@")) {
            return Domain.tryParse(value.substring(1)).isPresent() && Ascii.isAscii(value);
        }
        return value.chars().noneMatch(c -> c <= ' ')
                && Address.tryParse(value).flatMap(Address::domain).isPresent();
    }

    static boolean isToken(String value) {
        return !value.isEmpty() && value.chars().allMatch(ResultsParser::isTokenChar);
    }

    private static boolean isTokenChar(int c) {
        return c < 0x7f && c != '/' && isIdChar((char) c);
    }
}
