package mansio.codec.smtp;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Grammar of the parameters after a path: RFC 5321 section 4.1.2, esmtp-param, with the values of
 * each extension. Each parameter may come once.
 */
final class ParameterParser {
    private static final int MAX_PARAMETERS = 16;
    private static final int MAX_ENVID = 100;
    private static final int MAX_ORCPT = 500;
    private static final int MAX_SIZE_DIGITS = 20;

    private final Cursor in;
    private Optional<Command> unknown = Optional.empty();

    ParameterParser(Cursor in) {
        this.in = in;
    }

    /** The command that reports the first parameter we do not know, once all are parsed. */
    Optional<Command> unknown() {
        return unknown;
    }

    // RFC 5321 section 4.1.2: Mail-parameters = esmtp-param *(SP esmtp-param)
    MailParameters mail() {
        if (in.atEnd()) {
            return MailParameters.NONE;
        }
        OptionalLong size = OptionalLong.empty();
        MailParameters.Body body = MailParameters.Body.UNSAID;
        boolean smtpUtf8 = false;
        Optional<MailParameters.Auth> auth = Optional.empty();
        Optional<MailParameters.Ret> ret = Optional.empty();
        Optional<String> envid = Optional.empty();
        Set<String> seen = new HashSet<>();
        while (nextParameter()) {
            String keyword = keyword(seen);
            switch (keyword) {
                case "SIZE" -> size = OptionalLong.of(size());
                case "BODY" -> body = body();
                case "SMTPUTF8" -> smtpUtf8 = noValue();
                case "AUTH" -> auth = Optional.of(auth());
                case "RET" -> ret = Optional.of(ret());
                case "ENVID" -> envid = Optional.of(envid());
                default -> skipUnknown();
            }
        }
        return new MailParameters(size, body, smtpUtf8, auth, new MailParameters.Dsn(ret, envid));
    }

    // RFC 5321 section 4.1.2: Rcpt-parameters = esmtp-param *(SP esmtp-param)
    RcptParameters rcpt() {
        if (in.atEnd()) {
            return RcptParameters.NONE;
        }
        Optional<Set<RcptParameters.Notify>> notify = Optional.empty();
        Optional<RcptParameters.OriginalRecipient> orcpt = Optional.empty();
        Set<String> seen = new HashSet<>();
        while (nextParameter()) {
            String keyword = keyword(seen);
            switch (keyword) {
                case "NOTIFY" -> notify = Optional.of(notification());
                case "ORCPT" -> orcpt = Optional.of(orcpt());
                default -> skipUnknown();
            }
        }
        return new RcptParameters(notify, orcpt);
    }

    /** Spaces, then another parameter or the end of the line. */
    private boolean nextParameter() {
        if (in.atEnd()) {
            return false;
        }
        in.expect(' ');
        in.skipWhile(c -> c == ' ');
        return !in.atEnd();
    }

    // RFC 5321 section 4.1.2: esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    private String keyword(Set<String> seen) {
        String keyword =
                Ascii.upper(
                        in.expectWhile(
                                "a parameter",
                                c -> Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-'));
        if (!seen.add(keyword)) {
            throw in.fail("parameter given twice");
        }
        if (seen.size() > MAX_PARAMETERS) {
            throw in.fail("too many parameters");
        }
        return keyword;
    }

    // RFC 5321 section 4.1.2: esmtp-value = 1*(%d33-60 / %d62-126)
    private String value() {
        in.expect('=');
        return in.expectWhile("a value", c -> c != ' ' && c != '=');
    }

    private boolean noValue() {
        if (in.peek() == '=') {
            throw in.fail("parameter takes no value");
        }
        return true;
    }

    private void skipUnknown() {
        if (in.peek() == '=') {
            value();
        }
        unknown =
                Optional.of(
                        new Command.Malformed(
                                Command.Fault.UNKNOWN_PARAMETER, "parameter is not supported"));
    }

    // RFC 1870 section 3: size-value ::= 1*20DIGIT
    private long size() {
        String digits = value();
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!Ascii.isDigit(digits.charAt(i)) || i == MAX_SIZE_DIGITS) {
                throw in.fail("expected 1 to 20 digits");
            }
            int digit = digits.charAt(i) - '0';
            boolean fits = size <= (Long.MAX_VALUE - digit) / 10;
            size = fits ? size * 10 + digit : Long.MAX_VALUE;
        }
        return size;
    }

    // RFC 6152 section 2: body-value = "7BIT" / "8BITMIME"
    private MailParameters.Body body() {
        return switch (Ascii.upper(value())) {
            case "7BIT" -> MailParameters.Body.SEVEN_BIT;
            case "8BITMIME" -> MailParameters.Body.EIGHT_BIT_MIME;
            default -> throw in.fail("expected 7BIT or 8BITMIME");
        };
    }

    // RFC 4954 section 8: auth-param = "AUTH=" xtext, which decodes to a mailbox or "<>"
    private MailParameters.Auth auth() {
        String decoded = Xtext.decode(value(), in.offset());
        return new MailParameters.Auth(
                decoded.equals("<>") ? Optional.empty() : Optional.of(Address.parse(decoded)));
    }

    // RFC 3461 section 4.3: ret-value = "FULL" / "HDRS"
    private MailParameters.Ret ret() {
        return switch (Ascii.upper(value())) {
            case "FULL" -> MailParameters.Ret.FULL;
            case "HDRS" -> MailParameters.Ret.HDRS;
            default -> throw in.fail("expected FULL or HDRS");
        };
    }

    // RFC 3461 section 4.4: envid-parameter = "ENVID=" xtext
    private String envid() {
        String value = value();
        if (value.length() > MAX_ENVID) {
            throw in.fail("ENVID is too long");
        }
        return Xtext.decode(value, in.offset());
    }

    // RFC 3461 section 4.1: notify-esmtp-value = "NEVER" / 1#notify-list-element
    private Set<RcptParameters.Notify> notification() {
        String value = Ascii.upper(value());
        Set<RcptParameters.Notify> set = EnumSet.noneOf(RcptParameters.Notify.class);
        if (value.equals("NEVER")) {
            return set;
        }
        Cursor list = new Cursor(value);
        do {
            set.add(
                    switch (list.takeWhile(Ascii::isLetter)) {
                        case "SUCCESS" -> RcptParameters.Notify.SUCCESS;
                        case "FAILURE" -> RcptParameters.Notify.FAILURE;
                        case "DELAY" -> RcptParameters.Notify.DELAY;
                        default -> throw in.fail("expected NEVER, SUCCESS, FAILURE or DELAY");
                    });
        } while (list.take(','));
        list.expectEnd();
        return set;
    }

    // RFC 3461 section 4.2: original-recipient-address = addr-type ";" xtext
    private RcptParameters.OriginalRecipient orcpt() {
        String value = value();
        int semicolon = value.indexOf(';');
        if (value.length() > MAX_ORCPT || semicolon < 1) {
            throw in.fail("expected an address type and an address");
        }
        String type = value.substring(0, semicolon);
        for (int i = 0; i < type.length(); i++) {
            if (!Ascii.isAtext(type.charAt(i))) {
                throw new SyntaxException("expected an address type", in.offset());
            }
        }
        String address = Xtext.decode(value.substring(semicolon + 1), in.offset());
        return new RcptParameters.OriginalRecipient(type, address);
    }
}
