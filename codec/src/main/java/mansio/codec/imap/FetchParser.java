package mansio.codec.imap;

import mansio.codec.imap.Command.FetchModifiers;
import mansio.codec.imap.FetchItem.Partial;
import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.FetchItem.Simple;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** FETCH and UID FETCH: RFC 9051 section 9, RFC 3501, RFC 3516 section 7, RFC 7162 section 7. */
final class FetchParser {
    /** RFC 9051 section 6.4.5: macros, which stand alone. */
    private static final List<FetchItem> FAST =
            List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE);

    private static final List<FetchItem> ALL =
            List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE, Simple.ENVELOPE);
    private static final List<FetchItem> FULL =
            List.of(
                    Simple.FLAGS,
                    Simple.INTERNALDATE,
                    Simple.RFC822_SIZE,
                    Simple.ENVELOPE,
                    Simple.BODY);

    private final CommandInput in;

    FetchParser(CommandInput in) {
        this.in = in;
    }

    // RFC 4466 section 3: fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att /
    // "(" fetch-att *(SP fetch-att) ")") [fetch-modifiers]
    Command fetch(boolean uid) throws BadCommandException, IOException {
        in.space();
        SequenceSet set = SequenceSet.parse(in);
        in.space();
        List<FetchItem> items = items();
        FetchModifiers modifiers = in.take(' ') ? modifiers(uid) : FetchModifiers.NONE;
        return new Command.Fetch(uid, set, items, modifiers);
    }

    private List<FetchItem> items() throws BadCommandException, IOException {
        if (in.takeWord("ALL")) {
            return ALL;
        }
        if (in.takeWord("FULL")) {
            return FULL;
        }
        if (in.takeWord("FAST")) {
            return FAST;
        }
        if (!in.take('(')) {
            return List.of(fetchAtt());
        }
        List<FetchItem> items = new ArrayList<>();
        do {
            if (items.size() == Limits.KEYS) {
                throw BadCommandException.limit("Too many fetch items");
            }
            FetchItem item = fetchAtt();
            if (!items.contains(item)) {
                items.add(item);
            }
        } while (in.take(' '));
        in.expect(')');
        return items;
    }

    // RFC 9051 9: fetch-att
    private FetchItem fetchAtt() throws BadCommandException, IOException {
        String name = in.word("Fetch item");
        return switch (name) {
            case "ENVELOPE" -> Simple.ENVELOPE;
            case "FLAGS" -> Simple.FLAGS;
            case "INTERNALDATE" -> Simple.INTERNALDATE;
            case "RFC822" -> Simple.RFC822;
            case "RFC822.HEADER" -> Simple.RFC822_HEADER;
            case "RFC822.SIZE" -> Simple.RFC822_SIZE;
            case "RFC822.TEXT" -> Simple.RFC822_TEXT;
            case "BODYSTRUCTURE" -> Simple.BODYSTRUCTURE;
            case "UID" -> Simple.UID;
            case "MODSEQ" -> Simple.MODSEQ;
            case "BODY" -> in.peek() == '[' ? body(false) : Simple.BODY;
            case "BODY.PEEK" -> body(true);
            case "BINARY" -> binary(false);
            case "BINARY.PEEK" -> binary(true);
            case "BINARY.SIZE" -> new FetchItem.BinarySize(sectionBinary());
            default -> throw in.unknown("fetch item", name);
        };
    }

    // RFC 9051 9: "BODY" section [partial] / "BODY.PEEK" section [partial]
    private FetchItem body(boolean peek) throws BadCommandException, IOException {
        Section section = section();
        return new FetchItem.Body(peek, section, partial());
    }

    // RFC 9051 9: "BINARY" [".PEEK"] section-binary [partial]
    private FetchItem binary(boolean peek) throws BadCommandException {
        List<Integer> part = sectionBinary();
        return new FetchItem.Binary(peek, part, partial());
    }

    // RFC 9051 9: section = "[" [section-spec] "]"
    // section-spec = section-msgtext / (section-part ["." section-text])
    private Section section() throws BadCommandException, IOException {
        in.expect('[');
        List<Integer> part = new ArrayList<>();
        SectionText text = new SectionText.Whole();
        if (CommandInput.isDigit(in.peek())) {
            boolean dot = sectionPart(part);
            if (dot) {
                text = sectionText(true);
            }
        } else if (in.peek() != ']') {
            text = sectionText(false);
        }
        in.expect(']');
        return new Section(part, text);
    }

    /**
     * RFC 9051 9: section-part = nz-number *("." nz-number).
     *
     * @return true when a dot was read that no number follows
     */
    private boolean sectionPart(List<Integer> part) throws BadCommandException {
        while (true) {
            if (part.size() == Limits.LIST) {
                throw BadCommandException.limit("Part number too deep");
            }
            part.add((int) Math.min(Integer.MAX_VALUE, in.nzNumber()));
            if (!in.take('.')) {
                return false;
            }
            if (!CommandInput.isDigit(in.peek())) {
                return true;
            }
        }
    }

    // RFC 9051 9: section-binary = "[" [section-part] "]"
    private List<Integer> sectionBinary() throws BadCommandException {
        in.expect('[');
        List<Integer> part = new ArrayList<>();
        if (in.peek() != ']' && sectionPart(part)) {
            throw in.error("Part number expected");
        }
        in.expect(']');
        return part;
    }

    // RFC 9051 9: section-text = section-msgtext / "MIME"
    private SectionText sectionText(boolean ofPart) throws BadCommandException, IOException {
        String name = in.word("Section");
        if (name.equals("MIME") && !ofPart) {
            throw in.error("MIME needs a part number");
        }
        return switch (name) {
            case "HEADER" -> new SectionText.Header();
            case "HEADER.FIELDS" -> new SectionText.HeaderFields(headerList());
            case "HEADER.FIELDS.NOT" -> new SectionText.HeaderFieldsNot(headerList());
            case "TEXT" -> new SectionText.Text();
            case "MIME" -> new SectionText.Mime();
            default -> throw in.unknown("section", name);
        };
    }

    // RFC 9051 9: header-list = "(" header-fld-name *(SP header-fld-name) ")"
    private List<String> headerList() throws BadCommandException, IOException {
        in.space();
        in.expect('(');
        List<String> names = new ArrayList<>();
        do {
            if (names.size() == Limits.LIST) {
                throw BadCommandException.limit("Too many header names");
            }
            names.add(in.astringText());
        } while (in.take(' '));
        in.expect(')');
        return names;
    }

    // RFC 9051 9: partial = "<" number64 "." nz-number64 ">"
    private Optional<Partial> partial() throws BadCommandException {
        if (!in.take('<')) {
            return Optional.empty();
        }
        long offset = in.number64();
        in.expect('.');
        long length = in.number64();
        if (length == 0) {
            throw in.error("Number above zero expected");
        }
        in.expect('>');
        return Optional.of(new Partial(offset, length));
    }

    // RFC 4466 section 3: fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"
    private FetchModifiers modifiers(boolean uid) throws BadCommandException {
        OptionalLong changedSince = OptionalLong.empty();
        boolean vanished = false;
        in.expect('(');
        do {
            String name = in.word("Fetch modifier");
            switch (name) {
                case "CHANGEDSINCE" -> {
                    in.space();
                    changedSince = OptionalLong.of(SelectParser.modSequenceValue(in));
                }
                case "VANISHED" -> vanished = true;
                default -> throw in.unknown("fetch modifier", name);
            }
        } while (in.take(' '));
        in.expect(')');
        // RFC 7162 section 3.2.6: only with UID FETCH, only together with CHANGEDSINCE.
        if (vanished && (!uid || changedSince.isEmpty())) {
            throw in.error("VANISHED needs UID FETCH with CHANGEDSINCE");
        }
        return new FetchModifiers(changedSince, vanished);
    }
}
