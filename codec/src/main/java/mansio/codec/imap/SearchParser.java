package mansio.codec.imap;

import mansio.codec.imap.Command.SearchReturn;
import mansio.codec.imap.SearchKey.DateTest;
import mansio.codec.imap.SearchKey.ModSeq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * SEARCH and UID SEARCH: RFC 9051 section 9, RFC 3501, RFC 4731 section 4, RFC 5032 section 4, RFC
 * 5182, RFC 7162 section 7.
 */
public final class SearchParser {
    /** The charsets whose text we can read: RFC 9051 section 6.4.4. */
    public static final List<String> CHARSETS = List.of("US-ASCII", "UTF-8");

    private final CommandInput in;
    private boolean charsetKnown = true;
    private int keys;
    private int bodyKeys;

    SearchParser(CommandInput in) {
        this.in = in;
    }

    // RFC 9051 9: search = "SEARCH" [search-return-opts] SP search-program
    Command search(boolean uid) throws BadCommandException, IOException {
        Optional<Set<SearchReturn>> returned = Optional.empty();
        if (in.takeSpaceAndWord("RETURN")) {
            returned = Optional.of(returnOptions());
        }
        // RFC 9051 9: search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)
        Optional<String> charset = Optional.empty();
        if (in.takeSpaceAndWord("CHARSET")) {
            in.space();
            String name = in.astringText().toUpperCase(Locale.ROOT);
            charset = Optional.of(name);
            charsetKnown = CHARSETS.contains(name);
        }
        in.space();
        return new Command.Search(uid, returned, charset, searchKeys(0));
    }

    // RFC 9051 9: search-return-opts = SP "RETURN" SP "(" [search-return-opt
    // *(SP search-return-opt)] ")"
    private Set<SearchReturn> returnOptions() throws BadCommandException {
        Set<SearchReturn> options = EnumSet.noneOf(SearchReturn.class);
        in.space();
        in.expect('(');
        if (in.take(')')) {
            return EnumSet.of(SearchReturn.ALL); // RFC 4731 section 3.1: an empty list means ALL.
        }
        do {
            String name = in.word("Result option");
            options.add(
                    switch (name) {
                        case "MIN" -> SearchReturn.MIN;
                        case "MAX" -> SearchReturn.MAX;
                        case "ALL" -> SearchReturn.ALL;
                        case "COUNT" -> SearchReturn.COUNT;
                        case "SAVE" -> SearchReturn.SAVE;
                        default -> throw in.unknown("result option", name);
                    });
        } while (in.take(' '));
        in.expect(')');
        return options;
    }

    // RFC 9051 9: search-key *(SP search-key); several are ANDed
    private SearchKey searchKeys(int depth) throws BadCommandException, IOException {
        SearchKey first = searchKey(depth);
        if (in.peek() != ' ') {
            return first;
        }
        List<SearchKey> all = new ArrayList<>();
        all.add(first);
        while (in.take(' ')) {
            all.add(searchKey(depth));
        }
        return new SearchKey.And(all);
    }

    // RFC 9051 9: search-key
    private SearchKey searchKey(int depth) throws BadCommandException, IOException {
        if (depth > Limits.DEPTH || ++keys > Limits.KEYS) {
            throw BadCommandException.limit("Search too deep or too long");
        }
        int next = in.peek();
        if (next == '(') {
            in.expect('(');
            SearchKey inner = searchKeys(depth + 1);
            in.expect(')');
            return inner;
        }
        if (CommandInput.isDigit(next) || next == '*' || next == '$') {
            return new SearchKey.SequenceNumbers(SequenceSet.parse(in));
        }
        String name = in.word("Search key");
        Optional<SearchKey> flag = flagKey(name);
        if (flag.isPresent()) {
            return flag.get();
        }
        in.space();
        return switch (name) {
            case "NOT" -> new SearchKey.Not(searchKey(depth + 1));
            case "OR" -> {
                SearchKey one = searchKey(depth + 1);
                in.space();
                yield new SearchKey.Or(one, searchKey(depth + 1));
            }
            default -> keyWithArgument(name);
        };
    }

    /** Keys without an argument, nearly all of them about flags. */
    private static Optional<SearchKey> flagKey(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ALL" -> new SearchKey.All();
                    case "ANSWERED" -> new SearchKey.HasFlag(FlagParser.ANSWERED);
                    case "DELETED" -> new SearchKey.HasFlag(FlagParser.DELETED);
                    case "DRAFT" -> new SearchKey.HasFlag(FlagParser.DRAFT);
                    case "FLAGGED" -> new SearchKey.HasFlag(FlagParser.FLAGGED);
                    case "SEEN" -> new SearchKey.HasFlag(FlagParser.SEEN);
                    case "UNANSWERED" -> without(FlagParser.ANSWERED);
                    case "UNDELETED" -> without(FlagParser.DELETED);
                    case "UNDRAFT" -> without(FlagParser.DRAFT);
                    case "UNFLAGGED" -> without(FlagParser.FLAGGED);
                    case "UNSEEN" -> without(FlagParser.SEEN);
                    case "RECENT" -> new SearchKey.Recent();
                    case "OLD" -> new SearchKey.Not(new SearchKey.Recent());
                    case "NEW" ->
                            new SearchKey.And(
                                    List.of(new SearchKey.Recent(), without(FlagParser.SEEN)));
                    default -> null;
                });
    }

    private static SearchKey without(String flag) {
        return new SearchKey.Not(new SearchKey.HasFlag(flag));
    }

    private SearchKey keyWithArgument(String name) throws BadCommandException, IOException {
        return switch (name) {
            case "BCC" -> new SearchKey.Header("Bcc", text());
            case "CC" -> new SearchKey.Header("Cc", text());
            case "FROM" -> new SearchKey.Header("From", text());
            case "SUBJECT" -> new SearchKey.Header("Subject", text());
            case "TO" -> new SearchKey.Header("To", text());
            case "HEADER" -> header();
            case "BODY" -> new SearchKey.Body(bodyText());
            case "TEXT" -> new SearchKey.Text(bodyText());
            case "KEYWORD" -> new SearchKey.HasFlag(in.atom());
            case "UNKEYWORD" -> without(in.atom());
            case "LARGER" -> new SearchKey.Larger(in.number64());
            case "SMALLER" -> new SearchKey.Smaller(in.number64());
            case "UID" -> new SearchKey.Uids(SequenceSet.parse(in));
            case "OLDER" -> new SearchKey.Older(in.nzNumber());
            case "YOUNGER" -> new SearchKey.Younger(in.nzNumber());
            case "MODSEQ" -> modSeq();
            default -> dateKey(name);
        };
    }

    private SearchKey dateKey(String name) throws BadCommandException {
        DateParser date = new DateParser(in);
        return switch (name) {
            case "BEFORE" -> new SearchKey.InternalDate(DateTest.BEFORE, date.date());
            case "ON" -> new SearchKey.InternalDate(DateTest.ON, date.date());
            case "SINCE" -> new SearchKey.InternalDate(DateTest.SINCE, date.date());
            case "SENTBEFORE" -> new SearchKey.SentDate(DateTest.BEFORE, date.date());
            case "SENTON" -> new SearchKey.SentDate(DateTest.ON, date.date());
            case "SENTSINCE" -> new SearchKey.SentDate(DateTest.SINCE, date.date());
            default -> throw in.unknown("search key", name);
        };
    }

    // RFC 9051 9: "HEADER" SP header-fld-name SP astring
    private SearchKey header() throws BadCommandException, IOException {
        String name = in.astringText();
        in.space();
        return new SearchKey.Header(name, text());
    }

    private String bodyText() throws BadCommandException, IOException {
        if (++bodyKeys > Limits.BODY_KEYS) {
            throw BadCommandException.limit(
                    "More than " + Limits.BODY_KEYS + " BODY and TEXT keys in one search");
        }
        return text();
    }

    /** An astring in the charset of the command; a charset we do not know is refused later. */
    private String text() throws BadCommandException, IOException {
        byte[] octets = in.astring();
        if (octets.length > Limits.SEARCH_TEXT) {
            throw BadCommandException.limit(
                    "Text of more than " + Limits.SEARCH_TEXT + " octets in a search");
        }
        return charsetKnown ? in.utf8(octets) : new String(octets, StandardCharsets.ISO_8859_1);
    }

    // RFC 7162 section 7: search-modsequence = "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer
    // search-modseq-ext = SP entry-name SP entry-type-req
    private SearchKey modSeq() throws BadCommandException, IOException {
        Optional<ModSeq.Entry> entry = Optional.empty();
        if (in.peek() == '"') {
            String name = in.stringText();
            in.space();
            String type = in.word("Entry type").toLowerCase(Locale.ROOT);
            if (!name.startsWith("/flags/") || !Set.of("priv", "shared", "all").contains(type)) {
                throw in.error("Unknown metadata entry");
            }
            in.space();
            entry = Optional.of(new ModSeq.Entry(name, type));
        }
        return new ModSeq(entry, in.number64());
    }
}
