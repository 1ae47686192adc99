package mansio.codec.imap;

import mansio.codec.imap.Command.FlagChange;

import java.util.List;
import java.util.OptionalLong;

/** STORE and UID STORE: RFC 9051 section 9, RFC 7162 section 7. */
final class StoreParser {
    private final CommandInput in;

    StoreParser(CommandInput in) {
        this.in = in;
    }

    // RFC 4466 section 3: store = "STORE" SP sequence-set [store-modifiers] SP store-att-flags
    Command store(boolean uid) throws BadCommandException {
        in.space();
        SequenceSet set = SequenceSet.parse(in);
        in.space();
        OptionalLong unchangedSince = OptionalLong.empty();
        if (in.peek() == '(') {
            unchangedSince = OptionalLong.of(unchangedSince());
            in.space();
        }
        return new Command.Store(uid, set, unchangedSince, storeAttFlags());
    }

    // RFC 7162 section 7: store-modifier =/ "UNCHANGEDSINCE" SP mod-sequence-valzer
    private long unchangedSince() throws BadCommandException {
        in.expect('(');
        if (!in.takeWord("UNCHANGEDSINCE")) {
            throw in.error("UNCHANGEDSINCE expected");
        }
        in.space();
        long modSeq = in.number64();
        in.expect(')');
        return modSeq;
    }

    // RFC 9051 9: store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP
    // (flag-list / (flag *(SP flag)))
    private FlagChange storeAttFlags() throws BadCommandException {
        FlagChange.Mode mode = FlagChange.Mode.REPLACE;
        if (in.take('+')) {
            mode = FlagChange.Mode.ADD;
        } else if (in.take('-')) {
            mode = FlagChange.Mode.REMOVE;
        }
        boolean silent = in.takeWord("FLAGS.SILENT");
        if (!silent && !in.takeWord("FLAGS")) {
            throw in.error("FLAGS expected");
        }
        in.space();
        List<String> flags = in.peek() == '(' ? FlagParser.flagList(in) : FlagParser.bareFlags(in);
        return new FlagChange(mode, silent, flags);
    }
}
