package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Command.SearchReturn;
import mansio.codec.imap.NumberRanges;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseWriter.SearchResult;
import mansio.codec.imap.SearchKey;
import mansio.codec.imap.SearchParser;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * SEARCH and UID SEARCH: RFC 9051 section 6.4.4, RFC 4731, RFC 5182, RFC 7162 sections 3.1.5 and
 * 3.1.10.
 */
final class Search {
    private final Call call;
    private final Command.Search command;
    private final SelectedMailbox mailbox;

    private Search(Call call, Command.Search command) {
        this.call = call;
        this.command = command;
        this.mailbox = call.mailbox();
    }

    static Reply handle(Call call, Command.Search command) throws IOException {
        if (command.charset().isPresent()) {
            if (call.session().enabled().utf8Accept()) {
                return Replies.CHARSET_AFTER_UTF8;
            }
            if (!SearchParser.CHARSETS.contains(command.charset().get())) {
                return Replies.BAD_CHARSET;
            }
        }
        return new Search(call, command).run();
    }

    private Reply run() throws IOException {
        boolean byModSeq = hasModSeq(command.key());
        if (byModSeq) {
            call.enableCondStore();
        }
        Optional<UidSet> found;
        try {
            found = new SearchRun(call, command.key()).run();
        } catch (IOException e) {
            if (returned(SearchReturn.SAVE)) {
                mailbox.save(UidSet.EMPTY); // RFC 5182 section 2.1: NO empties the variable.
            }
            throw e;
        }
        if (found.isEmpty()) {
            return Replies.NO_SUCH_MESSAGE;
        }
        OptionalLong modSeq =
                byModSeq ? highestModSeq(reported(found.get())) : OptionalLong.empty();
        if (command.returned().isPresent() || call.session().enabled().rev2()) {
            extended(found.get(), modSeq);
        } else {
            call.out().search(mailbox.numbers(found.get(), command.uid()), modSeq);
        }
        return Replies.COMPLETED;
    }

    private boolean returned(SearchReturn option) {
        return command.returned().isPresent() && command.returned().get().contains(option);
    }

    /** RFC 4731 section 3.1, and RFC 5182 section 2.1 for what is saved. */
    private void extended(UidSet found, OptionalLong modSeq) throws IOException {
        Set<SearchReturn> options =
                command.returned().isPresent()
                        ? command.returned().get()
                        : EnumSet.of(SearchReturn.ALL); // RFC 9051 appendix E: never SEARCH.
        if (options.contains(SearchReturn.SAVE)) {
            mailbox.save(reported(found));
            if (options.size() == 1) {
                return;
            }
        }
        NumberRanges numbers = mailbox.numbers(found, command.uid());
        boolean none = numbers.isEmpty();
        SearchResult result =
                new SearchResult(
                        none || !options.contains(SearchReturn.MIN)
                                ? OptionalLong.empty()
                                : OptionalLong.of(numbers.first(0)),
                        none || !options.contains(SearchReturn.MAX)
                                ? OptionalLong.empty()
                                : OptionalLong.of(numbers.last(numbers.rangeCount() - 1)),
                        options.contains(SearchReturn.COUNT)
                                ? OptionalLong.of(numbers.size())
                                : OptionalLong.empty(),
                        none || !options.contains(SearchReturn.ALL)
                                ? Optional.empty()
                                : Optional.of(numbers),
                        modSeq);
        call.out().esearch(call.tag(), command.uid(), result);
    }

    /** Those that the result speaks of: with MIN or MAX alone only these. */
    private UidSet reported(UidSet found) {
        boolean all =
                command.returned().isEmpty()
                        || returned(SearchReturn.ALL)
                        || returned(SearchReturn.COUNT)
                        || !(returned(SearchReturn.MIN) || returned(SearchReturn.MAX));
        if (all || found.isEmpty()) {
            return found;
        }
        UidSet.Builder ends = new UidSet.Builder();
        if (returned(SearchReturn.MIN)) {
            ends.add(found.first());
        }
        if (returned(SearchReturn.MAX)) {
            ends.add(found.last());
        }
        return ends.build();
    }

    private OptionalLong highestModSeq(UidSet uids) {
        long highest = 0;
        for (long uid : uids.toArray()) {
            int index = mailbox.view().indexOf(uid);
            highest = Math.max(highest, index < 0 ? 0 : mailbox.view().modSeq(index));
        }
        return highest == 0 ? OptionalLong.empty() : OptionalLong.of(highest);
    }

    private static boolean hasModSeq(SearchKey key) {
        return switch (key) {
            case SearchKey.ModSeq _ -> true;
            case SearchKey.Not not -> hasModSeq(not.key());
            case SearchKey.Or or -> hasModSeq(or.one()) || hasModSeq(or.other());
            case SearchKey.And and -> and.keys().stream().anyMatch(Search::hasModSeq);
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
                    SearchKey.SequenceNumbers _,
                    SearchKey.Uids _,
                    SearchKey.Older _,
                    SearchKey.Younger _ ->
                    false;
        };
    }
}
