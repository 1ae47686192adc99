package mansio.serve.imapserver;

import mansio.codec.imap.SearchKey;
import mansio.codec.imap.SequenceSet;
import mansio.codec.message.BodyStructure;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.message.MailDate;
import mansio.state.mailbox.Email;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.Placement;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One search over the selected mailbox: message by message in pages, cheap keys first, so that what
 * is on disk is read only for messages that nothing else has ruled out. Messages that are gone
 * match nothing.
 */
final class SearchRun {
    /** What parsing an octet of a header costs, in steps of {@link Pace}. */
    private static final int PARSE_STEPS = 8;

    private final MailAccount mail;
    private final SelectedMailbox mailbox;
    private final SearchKey key;
    private final Instant now;
    private final Map<SequenceSet, UidSet> byNumber = new HashMap<>();
    private final Map<SequenceSet, UidSet> byUid = new HashMap<>();
    private final Pace pace = new Pace();
    private final TextFinder texts;
    private final Map<String, WantedText> wantedTexts = new HashMap<>();

    // The page that is looked at, and what was read of it so far.
    private UidSet page = UidSet.EMPTY;
    private Optional<Map<Long, Placement>> placements = Optional.empty();

    private Optional<Map<Long, byte[]>> headers = Optional.empty();

    SearchRun(Call call, SearchKey key) {
        this.mail = call.session().mail();
        this.mailbox = call.mailbox();
        this.key = ordered(key);
        this.now = call.session().environment().time().now();
        this.texts = new TextFinder(call.session().environment().buffers(), pace);
    }

    /** Empty when a sequence number is higher than there are messages. */
    Optional<UidSet> run() throws IOException {
        if (!resolve(key)) {
            return Optional.empty();
        }
        UidSet.Builder found = new UidSet.Builder();
        UidSet searched = mailbox.announced().andNot(mailbox.gone());
        long[] all = searched.toArray();
        for (int first = 0; first < all.length; first += Fetch.PAGE) {
            int end = Math.min(all.length, first + Fetch.PAGE);
            page = UidSet.range(all[first], all[end - 1]).and(searched);
            placements = Optional.empty();
            headers = Optional.empty();
            for (int i = first; i < end; i++) {
                if (new Candidate(all[i]).matches(key)) {
                    found.add(all[i]);
                }
            }
            Pace.pause();
        }
        return Optional.of(found.build());
    }

    /** Resolves every set once; false when one names a message that there is not. */
    private boolean resolve(SearchKey each) {
        return switch (each) {
            case SearchKey.SequenceNumbers(SequenceSet set) -> {
                Optional<UidSet> uids = mailbox.resolve(set, false);
                uids.ifPresent(it -> byNumber.put(set, it));
                yield uids.isPresent();
            }
            case SearchKey.Uids(SequenceSet set) -> {
                mailbox.resolve(set, true).ifPresent(it -> byUid.put(set, it));
                yield true;
            }
            case SearchKey.Not(SearchKey inner) -> resolve(inner);
            case SearchKey.Or(SearchKey one, SearchKey other) -> resolve(one) && resolve(other);
            case SearchKey.And(List<SearchKey> keys) -> keys.stream().allMatch(this::resolve);
            case SearchKey.All _,
                    SearchKey.HasFlag _,
                    SearchKey.Recent _,
                    SearchKey.Header _,
                    SearchKey.Body _,
                    SearchKey.Text _,
                    SearchKey.InternalDate _,
                    SearchKey.SentDate _,
                    SearchKey.Larger _,
                    SearchKey.Smaller _,
                    SearchKey.Older _,
                    SearchKey.Younger _,
                    SearchKey.ModSeq _ ->
                    true;
        };
    }

    // ---- order

    private static SearchKey ordered(SearchKey key) {
        return switch (key) {
            case SearchKey.And(List<SearchKey> keys) -> {
                List<SearchKey> sorted = new ArrayList<>();
                keys.forEach(each -> sorted.add(ordered(each)));
                sorted.sort(Comparator.comparingInt(SearchRun::cost));
                yield new SearchKey.And(sorted);
            }
            case SearchKey.Or(SearchKey one, SearchKey other) ->
                    cost(one) <= cost(other)
                            ? new SearchKey.Or(ordered(one), ordered(other))
                            : new SearchKey.Or(ordered(other), ordered(one));
            case SearchKey.Not(SearchKey inner) -> new SearchKey.Not(ordered(inner));
            default -> key;
        };
    }

    /** 0 from memory, 1 a page of placements, 2 facts, 3 a header, 4 a body. */
    private static int cost(SearchKey key) {
        return switch (key) {
            case SearchKey.All _,
                    SearchKey.HasFlag _,
                    SearchKey.Recent _,
                    SearchKey.Larger _,
                    SearchKey.Smaller _,
                    SearchKey.SequenceNumbers _,
                    SearchKey.Uids _,
                    SearchKey.ModSeq _ ->
                    0;
            case SearchKey.InternalDate _, SearchKey.Older _, SearchKey.Younger _ -> 1;
            case SearchKey.SentDate _ -> 2;
            case SearchKey.Header _ -> 3;
            case SearchKey.Body _, SearchKey.Text _ -> 4;
            case SearchKey.Not(SearchKey inner) -> cost(inner);
            case SearchKey.Or(SearchKey one, SearchKey other) -> Math.max(cost(one), cost(other));
            case SearchKey.And(List<SearchKey> keys) ->
                    keys.stream().mapToInt(SearchRun::cost).max().orElse(0);
        };
    }

    private WantedText wanted(String text) {
        return wantedTexts.computeIfAbsent(text, WantedText::new);
    }

    private Map<Long, Placement> placements() throws IOException {
        if (placements.isEmpty()) {
            Map<Long, Placement> read = new HashMap<>();
            mail.placements(mailbox.mailboxId(), page, Fetch.PAGE)
                    .forEach(placement -> read.put(placement.uid(), placement));
            placements = Optional.of(read);
        }
        return placements.get();
    }

    /** The cached headers of the page, by UID; empty arrays where there is none. */
    private Map<Long, byte[]> headers() throws IOException {
        if (headers.isEmpty()) {
            List<Placement> all = List.copyOf(placements().values());
            List<byte[]> read = mail.headers(all.stream().map(Placement::emailId).toList());
            Map<Long, byte[]> byUid = new HashMap<>();
            for (int i = 0; i < all.size(); i++) {
                byUid.put(all.get(i).uid(), read.get(i));
            }
            headers = Optional.of(byUid);
        }
        return headers.get();
    }

    /** One message, and what was read of it so far. */
    private final class Candidate {
        private final long uid;
        private final int index;
        private Optional<FetchedMessage> message = Optional.empty();
        private Optional<Header> header = Optional.empty();

        Candidate(long uid) {
            this.uid = uid;
            this.index = mailbox.view().indexOf(uid);
        }

        boolean matches(SearchKey key) throws IOException {
            return switch (key) {
                case SearchKey.All _ -> true;
                case SearchKey.And(List<SearchKey> keys) -> all(keys);
                case SearchKey.Or(SearchKey one, SearchKey other) -> matches(one) || matches(other);
                case SearchKey.Not(SearchKey inner) -> !matches(inner);
                case SearchKey.HasFlag(String flag) -> MessageFlags.has(flags(), flag);
                case SearchKey.Recent _ -> mailbox.isRecent(uid);
                case SearchKey.Larger(long octets) -> mailbox.view().messageSize(index) > octets;
                case SearchKey.Smaller(long octets) -> mailbox.view().messageSize(index) < octets;
                case SearchKey.SequenceNumbers(SequenceSet set) -> in(byNumber, set);
                case SearchKey.Uids(SequenceSet set) -> in(byUid, set);
                case SearchKey.ModSeq modSeq -> mailbox.view().modSeq(index) >= modSeq.modSeq();
                case SearchKey.InternalDate date -> internalDate(date);
                case SearchKey.Older(long seconds) -> age() >= seconds;
                case SearchKey.Younger(long seconds) -> age() <= seconds;
                case SearchKey.SentDate date -> sentDate(date);
                case SearchKey.Header wanted -> header(wanted);
                case SearchKey.Body(String text) -> body(text);
                case SearchKey.Text(String text) -> headerText(text) || body(text);
            };
        }

        private boolean all(List<SearchKey> keys) throws IOException {
            for (SearchKey each : keys) {
                if (!matches(each)) {
                    return false;
                }
            }
            return true;
        }

        private Flags flags() {
            return mailbox.view().flags(index);
        }

        private boolean in(Map<SequenceSet, UidSet> sets, SequenceSet set) {
            UidSet uids = sets.get(set);
            return uids != null && uids.contains(uid);
        }

        private Optional<Placement> placement() throws IOException {
            return Optional.ofNullable(placements().get(uid));
        }

        // RFC 9051 section 6.4.4: disregarding time and timezone
        private boolean internalDate(SearchKey.InternalDate wanted) throws IOException {
            Optional<Placement> placement = placement();
            return placement.isPresent()
                    && test(wanted.test(), placement.get().internalDate(), wanted.date());
        }

        private static boolean test(
                SearchKey.DateTest test, OffsetDateTime found, LocalDate wanted) {
            LocalDate day = found.toLocalDate();
            return switch (test) {
                case BEFORE -> day.isBefore(wanted);
                case ON -> day.equals(wanted);
                case SINCE -> !day.isBefore(wanted);
            };
        }

        /** RFC 5032 section 3: seconds since INTERNALDATE; far in the past when it is not known. */
        private long age() throws IOException {
            return placement()
                    .map(it -> now.getEpochSecond() - it.internalDate().toEpochSecond())
                    .orElse(0L);
        }

        private boolean sentDate(SearchKey.SentDate wanted) throws IOException {
            Optional<FetchedMessage> read = message();
            if (read.isEmpty()) {
                return false;
            }
            Optional<OffsetDateTime> sent =
                    read.get().facts().envelope().text().date().flatMap(MailDate::parse);
            return sent.isPresent() && test(wanted.test(), sent.get(), wanted.date());
        }

        private Optional<FetchedMessage> message() throws IOException {
            if (message.isEmpty() && placement().isPresent()) {
                List<Email> emails = mail.emails(List.of(placement().get().emailId()));
                message = emails.stream().findFirst().map(it -> new FetchedMessage(mail, it));
            }
            return message;
        }

        private Optional<Header> header() throws IOException {
            if (header.isPresent()) {
                return header;
            }
            byte[] cached = headers().getOrDefault(uid, new byte[0]);
            pace.worked((long) PARSE_STEPS * cached.length);
            if (cached.length > 0) {
                header = Optional.of(Header.parse(cached));
            } else if (message().isPresent()) {
                header = Optional.of(Header.parse(message().get().header()));
            }
            return header;
        }

        // RFC 9051 section 6.4.4: HEADER; the empty string matches every message with the field
        private boolean header(SearchKey.Header wanted) throws IOException {
            Optional<Header> read = header();
            if (read.isEmpty()) {
                return false;
            }
            for (HeaderField field : read.get().all(wanted.name())) {
                if (texts.contains(field.decoded(), wanted(wanted.text()))) {
                    return true;
                }
            }
            return false;
        }

        private boolean headerText(String text) throws IOException {
            Optional<Header> read = header();
            return read.isPresent() && texts.inHeader(read.get(), wanted(text));
        }

        private boolean body(String text) throws IOException {
            Optional<FetchedMessage> read = message();
            if (read.isEmpty()) {
                return false;
            }
            BodyStructure structure = read.get().facts().structure();
            return texts.inBody(read.get(), structure, wanted(text));
        }
    }
}
