package mansio.codec.imap;

import java.util.List;
import java.util.Optional;

/** RFC 9051 9: fetch-att, with RFC 3501, RFC 3516 and RFC 7162. */
public sealed interface FetchItem {
    /** Items without an argument. */
    enum Simple implements FetchItem {
        ENVELOPE,
        FLAGS,
        INTERNALDATE,
        /** IMAP4rev1: BODY[] under another name. */
        RFC822,
        /** IMAP4rev1: BODY.PEEK[HEADER] under another name. */
        RFC822_HEADER,
        RFC822_SIZE,
        /** IMAP4rev1: BODY[TEXT] under another name. */
        RFC822_TEXT,
        /** BODYSTRUCTURE without its extension data. */
        BODY,
        BODYSTRUCTURE,
        UID,
        MODSEQ
    }

    /** BODY[section]&lt;partial&gt;; {@code peek} leaves \Seen alone. */
    record Body(boolean peek, Section section, Optional<Partial> partial) implements FetchItem {}

    /** RFC 3516 section 4.2: BINARY[part]&lt;partial&gt;, the part's decoded octets. */
    record Binary(boolean peek, List<Integer> part, Optional<Partial> partial)
            implements FetchItem {
        public Binary {
            part = List.copyOf(part);
        }
    }

    /** RFC 3516 section 4.3: BINARY.SIZE[part]. */
    record BinarySize(List<Integer> part) implements FetchItem {
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /**
     * RFC 9051 9: partial = "&lt;" number64 "." nz-number64 "&gt;".
     *
     * @param offset of the first octet, from 0
     * @param length how many octets, at least 1
     */
    record Partial(long offset, long length) {}

    /**
     * RFC 9051 9: section.
     *
     * @param part the part numbers from the outside in; empty for the message itself
     */
    record Section(List<Integer> part, SectionText text) {
        /** The whole message or part. */
        public static final Section ALL = new Section(List.of(), new SectionText.Whole());

        public Section {
            part = List.copyOf(part);
            if (part.isEmpty() && text instanceof SectionText.Mime) {
                throw new IllegalArgumentException("MIME needs a part");
            }
        }
    }

    /** RFC 9051 9: section-text, and the absence of one. */
    sealed interface SectionText {
        record Whole() implements SectionText {}

        record Header() implements SectionText {}

        /** Names as sent. */
        record HeaderFields(List<String> names) implements SectionText {
            public HeaderFields {
                names = List.copyOf(names);
            }
        }

        record HeaderFieldsNot(List<String> names) implements SectionText {
            public HeaderFieldsNot {
                names = List.copyOf(names);
            }
        }

        record Text() implements SectionText {}

        record Mime() implements SectionText {}
    }
}
