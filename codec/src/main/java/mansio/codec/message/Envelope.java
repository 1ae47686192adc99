package mansio.codec.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ENVELOPE of RFC 9051 section 7.5.2 and RFC 3501 section 7.4.2: header values unfolded,
 * encoded words as they are, CR, LF and NUL as spaces. Sender and Reply-To that are absent or empty
 * are those of From, as both RFCs say.
 *
 * @param text the four single values
 * @param addresses the six address lists
 */
public record Envelope(Text text, Addresses addresses) {
    /** Chars of one value that are kept. */
    static final int MAX_TEXT = 16_384;

    /** Empty means absent (NIL); a field that is there without a value is empty text. */
    public record Text(
            Optional<String> date,
            Optional<String> subject,
            Optional<String> inReplyTo,
            Optional<String> messageId) {}

    /** Empty lists are NIL. */
    public record Addresses(Origin origin, List<Item> to, List<Item> cc, List<Item> bcc) {
        public Addresses {
            to = List.copyOf(to);
            cc = List.copyOf(cc);
            bcc = List.copyOf(bcc);
        }
    }

    /** The three lists about where the message comes from. */
    public record Origin(List<Item> from, List<Item> sender, List<Item> replyTo) {
        public Origin {
            from = List.copyOf(from);
            sender = List.copyOf(sender);
            replyTo = List.copyOf(replyTo);
        }
    }

    /**
     * An address structure. Start of a group: no host, the mailbox is the group name. End of a
     * group: no host, no mailbox. A mailbox without a domain has an empty, present host.
     *
     * @param route the at-domain-list of RFC 3501; RFC 9051 always sends NIL
     */
    public record Item(
            Optional<String> name,
            Optional<String> route,
            Optional<String> mailbox,
            Optional<String> host) {
        static final Item GROUP_END =
                new Item(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        static Item groupStart(String name) {
            return new Item(
                    Optional.empty(), Optional.empty(), Optional.of(clean(name)), Optional.empty());
        }

        static Item of(NamedAddress address) {
            return new Item(
                    present(address.name()),
                    present(address.route()),
                    Optional.of(clean(address.localPart())),
                    Optional.of(clean(address.domain())));
        }

        private static Optional<String> present(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(clean(text));
        }
    }

    /** Reads it from a header. */
    public static Envelope of(Header header) {
        Text text =
                new Text(
                        value(header, "Date"),
                        value(header, "Subject"),
                        value(header, "In-Reply-To"),
                        value(header, "Message-ID"));
        List<Item> from = items(header, "From");
        List<Item> sender = items(header, "Sender");
        List<Item> replyTo = items(header, "Reply-To");
        Origin origin =
                new Origin(
                        from, sender.isEmpty() ? from : sender, replyTo.isEmpty() ? from : replyTo);
        return new Envelope(
                text,
                new Addresses(
                        origin, items(header, "To"), items(header, "Cc"), items(header, "Bcc")));
    }

    private static Optional<String> value(Header header, String name) {
        return header.value(name).map(Envelope::clean);
    }

    private static List<Item> items(Header header, String name) {
        Optional<String> value = header.value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        List<Item> items = new ArrayList<>(2);
        for (AddressEntry entry : AddressList.parse(value.get()).entries()) {
            switch (entry) {
                case NamedAddress address -> items.add(Item.of(address));
                case AddressGroup group -> {
                    items.add(Item.groupStart(group.name()));
                    group.members().forEach(member -> items.add(Item.of(member)));
                    items.add(Item.GROUP_END);
                }
            }
        }
        return items;
    }

    /** Bounded, and without what could end a line of a protocol. */
    static String clean(String text) {
        String bounded = text.length() > MAX_TEXT ? cut(text) : text;
        for (int i = 0; i < bounded.length(); i++) {
            if (isBreak(bounded.charAt(i))) {
                return bounded.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
            }
        }
        return bounded;
    }

    private static String cut(String text) {
        boolean inPair = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
        return text.substring(0, inPair ? MAX_TEXT - 1 : MAX_TEXT);
    }

    private static boolean isBreak(char c) {
        return c == '\r' || c == '\n' || c == 0;
    }
}
