package mansio.codec.imap;

import mansio.codec.imap.Command.FetchModifiers;
import mansio.codec.imap.Command.FlagChange;
import mansio.codec.imap.Command.Id.Field;
import mansio.codec.imap.Command.ListMailboxes;
import mansio.codec.imap.Command.ListOption;
import mansio.codec.imap.Command.ListReturn;
import mansio.codec.imap.Command.ListSelection;
import mansio.codec.imap.Command.Qresync;
import mansio.codec.imap.Command.SearchReturn;
import mansio.codec.imap.Command.SelectParameters;
import mansio.codec.imap.Command.SeqMatch;
import mansio.codec.imap.FetchItem.Partial;
import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.SequenceSet.Ranges;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Commands drawn from a seed: every record, with every kind of argument. */
final class RandomCommands {
    private final Random random;

    RandomCommands(long seed) {
        this.random = new Random(seed);
    }

    Command next() {
        return switch (random.nextInt(24)) {
            case 0 -> new Command.Id(fields());
            case 1 -> new Command.Login(text(), text());
            case 2 -> new Command.Authenticate("PLAIN", maybe(() -> "AGEAYg=="));
            case 3 -> new Command.Enable(List.of("QRESYNC", "UTF8=ACCEPT"));
            case 4 -> new Command.Select(mailbox(), selectParameters());
            case 5 -> new Command.Examine(mailbox(), selectParameters());
            case 6 -> new Command.Create(mailbox(), maybe(() -> List.of("\\Sent", "\\Junk")));
            case 7 -> new Command.Delete(mailbox());
            case 8 -> new Command.Rename(mailbox(), mailbox());
            case 9 -> new Command.Subscribe(mailbox());
            case 10 -> new Command.Unsubscribe(mailbox());
            case 11 -> list();
            case 12 -> new Command.Lsub(name(), name() + "*");
            case 13 -> new Command.Status(mailbox(), statusItems());
            case 14 -> new Command.Expunge(maybe(this::set));
            case 15, 16 -> search();
            case 17, 18, 19 -> fetch();
            case 20 -> store();
            case 21 -> new Command.Copy(random.nextBoolean(), set(), mailbox());
            case 22 -> new Command.Move(random.nextBoolean(), set(), mailbox());
            default -> simple();
        };
    }

    private Command simple() {
        List<Command> simple =
                List.of(
                        new Command.Capability(),
                        new Command.Noop(),
                        new Command.Logout(),
                        new Command.StartTls(),
                        new Command.Namespace(),
                        new Command.Idle(),
                        new Command.Check(),
                        new Command.Close(),
                        new Command.Unselect());
        return simple.get(random.nextInt(simple.size()));
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> some(Supplier<T> value) {
        List<T> values = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            T one = value.get();
            if (!values.contains(one)) {
                values.add(one);
            }
        }
        return values;
    }

    private <E extends Enum<E>> Set<E> some(Class<E> type) {
        Set<E> set = EnumSet.noneOf(type);
        E[] all = type.getEnumConstants();
        set.add(all[random.nextInt(all.length)]);
        set.add(all[random.nextInt(all.length)]);
        return set;
    }

    private List<Field> fields() {
        return random.nextInt(4) == 0
                ? List.of()
                : some(() -> new Field(word(), maybe(this::text)));
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    /** Text with all that needs quoting, or a literal. */
    private String text() {
        String[] pieces = {"a", " ", "\"", "\\", "\r\n", "ä", "😀", "{3}", "(", "%", "]", "NIL"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private String name() {
        String[] pieces = {"INBOX", "/", "&", "ü", "日本", "a b", "\"", "😀", "~", "]"};
        StringBuilder name = new StringBuilder(word());
        for (int i = random.nextInt(4); i > 0; i--) {
            name.append(pieces[random.nextInt(pieces.length)]);
        }
        return name.toString();
    }

    private MailboxPath mailbox() {
        return random.nextInt(4) == 0 ? MailboxPath.INBOX : new MailboxPath(name());
    }

    private long number() {
        return 1 + (random.nextBoolean() ? random.nextInt(100) : random.nextLong(0xFFFF_FFFFL));
    }

    private Ranges ranges() {
        NumberRanges.Builder builder = new NumberRanges.Builder();
        long at = 0;
        for (int i = random.nextInt(4); i >= 0; i--) {
            at += 1 + random.nextInt(50);
            builder.add(at);
        }
        return Ranges.of(builder.build());
    }

    private SequenceSet set() {
        return switch (random.nextInt(5)) {
            case 0 -> new SequenceSet.Saved();
            case 1 -> Ranges.of(number(), Ranges.STAR);
            case 2 -> Ranges.of(number(), number());
            default -> ranges();
        };
    }

    private SelectParameters selectParameters() {
        return new SelectParameters(
                random.nextBoolean(),
                maybe(
                        () ->
                                new Qresync(
                                        number(),
                                        1 + random.nextLong(Long.MAX_VALUE),
                                        maybe(() -> ranges().resolve(1)),
                                        maybe(() -> new SeqMatch(ranges(), ranges())))));
    }

    private Command list() {
        Set<ListSelection> selection =
                switch (random.nextInt(4)) {
                    case 0 -> Set.of(ListSelection.NONE);
                    case 1 -> Set.of(ListSelection.SUBSCRIBED, ListSelection.RECURSIVEMATCH);
                    case 2 -> Set.of(ListSelection.REMOTE, ListSelection.SPECIAL_USE);
                    default -> Set.of();
                };
        ListReturn returned =
                random.nextBoolean()
                        ? ListReturn.NONE
                        : new ListReturn(true, some(ListOption.class), maybe(this::statusItems));
        boolean many = random.nextBoolean();
        List<String> patterns = many ? some(this::name) : List.of(name() + "%");
        return new ListMailboxes(
                selection, name(), new ListMailboxes.Patterns(patterns, many), returned);
    }

    private Set<StatusItem> statusItems() {
        return some(StatusItem.class);
    }

    private Command search() {
        return new Command.Search(
                random.nextBoolean(),
                maybe(() -> some(SearchReturn.class)),
                maybe(() -> "UTF-8"),
                key(3));
    }

    private SearchKey key(int depth) {
        int choices = depth > 0 ? 18 : 15;
        return switch (random.nextInt(choices)) {
            case 0 -> new SearchKey.All();
            case 1 -> new SearchKey.HasFlag("\\Seen");
            case 2 -> new SearchKey.HasFlag("$Junk");
            case 3 -> new SearchKey.Recent();
            case 4 -> new SearchKey.Header(word(), text());
            case 5 -> new SearchKey.Body(text());
            case 6 -> new SearchKey.Text(text());
            case 7 -> new SearchKey.InternalDate(SearchKey.DateTest.BEFORE, date());
            case 8 -> new SearchKey.SentDate(SearchKey.DateTest.SINCE, date());
            case 9 -> new SearchKey.Larger(random.nextLong(Long.MAX_VALUE));
            case 10 -> new SearchKey.Smaller(number());
            case 11 -> new SearchKey.SequenceNumbers(set());
            case 12 -> new SearchKey.Uids(set());
            case 13 -> new SearchKey.Older(number());
            case 14 ->
                    new SearchKey.ModSeq(
                            maybe(() -> new SearchKey.ModSeq.Entry("/flags/\\draft", "priv")),
                            random.nextLong(Long.MAX_VALUE));
            case 15 -> new SearchKey.Not(key(depth - 1));
            case 16 -> new SearchKey.Or(key(depth - 1), key(depth - 1));
            default -> new SearchKey.And(List.of(key(depth - 1), key(depth - 1)));
        };
    }

    private LocalDate date() {
        return LocalDate.of(1990 + random.nextInt(40), 1 + random.nextInt(12), 1);
    }

    private Command fetch() {
        boolean uid = random.nextBoolean();
        OptionalLong since =
                random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty();
        return new Command.Fetch(
                uid,
                set(),
                some(this::fetchItem),
                new FetchModifiers(since, uid && since.isPresent() && random.nextBoolean()));
    }

    private FetchItem fetchItem() {
        FetchItem.Simple[] simple = FetchItem.Simple.values();
        return switch (random.nextInt(4)) {
            case 0 -> new FetchItem.Body(random.nextBoolean(), section(), maybe(this::partial));
            case 1 -> new FetchItem.Binary(random.nextBoolean(), part(), maybe(this::partial));
            case 2 -> new FetchItem.BinarySize(part());
            default -> simple[random.nextInt(simple.length)];
        };
    }

    private Partial partial() {
        return new Partial(random.nextLong(Long.MAX_VALUE), number());
    }

    private List<Integer> part() {
        List<Integer> part = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            part.add(1 + random.nextInt(9));
        }
        return part;
    }

    private Section section() {
        List<Integer> part = part();
        SectionText text =
                switch (random.nextInt(6)) {
                    case 0 -> new SectionText.Header();
                    case 1 -> new SectionText.HeaderFields(some(this::word));
                    case 2 -> new SectionText.HeaderFieldsNot(some(this::text));
                    case 3 -> new SectionText.Text();
                    case 4 -> part.isEmpty() ? new SectionText.Whole() : new SectionText.Mime();
                    default -> new SectionText.Whole();
                };
        return new Section(part, text);
    }

    private Command store() {
        FlagChange.Mode[] modes = FlagChange.Mode.values();
        List<String> flags = random.nextInt(4) == 0 ? List.of() : some(this::flag);
        return new Command.Store(
                random.nextBoolean(),
                set(),
                random.nextBoolean() ? OptionalLong.of(number() - 1) : OptionalLong.empty(),
                new FlagChange(modes[random.nextInt(modes.length)], random.nextBoolean(), flags));
    }

    private String flag() {
        return random.nextBoolean() ? FlagParser.SYSTEM.get(random.nextInt(5)) : "$" + word();
    }
}
