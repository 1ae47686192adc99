package mansio.codec.message;

import mansio.codec.message.FromResult.Ambiguous;
import mansio.codec.message.FromResult.Reason;
import mansio.codec.text.Address;
import mansio.codec.text.Ascii;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one function that says who a message is from, for filters, DMARC, IMAP, JMAP and the web
 * alike. It is strict where readers are known to differ: what two of them could read differently
 * has no single answer.
 */
public final class FromFinder {
    private static final String FROM = "From";

    private FromFinder() {}

    /** The From of a parsed message; knows when the header was larger than what was kept. */
    public static FromResult of(ParsedMessage message) {
        boolean incomplete =
                message.has(Oddity.Kind.HEADER_TOO_LARGE)
                        || message.has(Oddity.Kind.TOO_MANY_FIELDS);
        FromResult result = of(message.header());
        return incomplete && !(result instanceof Ambiguous)
                ? new Ambiguous(Reason.HEADER_LIMIT, candidates(message.header()))
                : result;
    }

    /** The From of a complete header. */
    public static FromResult of(Header header) {
        List<HeaderField> fields = header.all(FROM);
        if (hasHiddenField(header)) {
            return new Ambiguous(Reason.HIDDEN_FIELD, candidates(header));
        }
        if (fields.isEmpty()) {
            return new FromResult.Missing();
        }
        if (fields.size() > 1) {
            return new Ambiguous(Reason.SEVERAL_FIELDS, candidates(header));
        }
        return ofField(header, fields.getFirst());
    }

    private static FromResult ofField(Header header, HeaderField field) {
        String value = field.unfolded();
        AddressList list = AddressList.parse(value);
        List<NamedAddress> mailboxes = list.mailboxes();
        if (hasControl(value)) {
            return new Ambiguous(Reason.CONTROL_CHARACTER, candidates(header));
        }
        if (list.hasGroup()) {
            return new Ambiguous(Reason.GROUP, candidates(header));
        }
        if (mailboxes.size() > 1) {
            return new Ambiguous(Reason.SEVERAL_ADDRESSES, candidates(header));
        }
        Optional<Address> address = mailboxes.stream().findFirst().flatMap(NamedAddress::address);
        if (address.isEmpty()) {
            return new Ambiguous(Reason.NO_ADDRESS, List.of());
        }
        Set<NamedAddress.Oddity> oddities = mailboxes.getFirst().oddities();
        return oddities.isEmpty()
                ? new FromResult.One(address.get(), mailboxes.getFirst())
                : new Ambiguous(Reason.UNCLEAR_SYNTAX, candidates(header));
    }

    private static List<Address> candidates(Header header) {
        List<Address> found = new ArrayList<>();
        for (HeaderField field : header.all(FROM)) {
            for (NamedAddress mailbox : AddressList.parse(field.unfolded()).mailboxes()) {
                if (found.size() == FromResult.MAX_CANDIDATES) {
                    return found;
                }
                mailbox.address().ifPresent(found::add);
            }
        }
        return found;
    }

    /**
     * A malformed line that is "From:" once white space, control characters and bytes above 127 are
     * left out; or "From :", which some readers take and others do not.
     */
    private static boolean hasHiddenField(Header header) {
        for (int i = 0; i < header.size(); i++) {
            HeaderField field = header.field(i);
            if (!field.isField() && looksLikeFrom(field.raw())) {
                return true;
            }
            if (field.is(FROM) && field.valueOffset() != FROM.length() + 1) {
                return true;
            }
        }
        return false;
    }

    private static boolean looksLikeFrom(byte[] line) {
        String wanted = "from:";
        int matched = 0;
        for (byte b : line) {
            if (b <= ' ' || b == 0x7f) {
                continue;
            }
            if (Ascii.lower((char) b) != wanted.charAt(matched)) {
                return false;
            }
            if (++matched == wanted.length()) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
