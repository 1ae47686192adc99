package mansio.codec.imap;

import mansio.codec.imap.Command.Qresync;
import mansio.codec.imap.Command.SelectParameters;
import mansio.codec.imap.Command.SeqMatch;

import java.util.Optional;

/** What may follow the mailbox in SELECT and EXAMINE: RFC 4466 section 2.1, RFC 7162 section 7. */
final class SelectParser {
    private final CommandInput in;

    SelectParser(CommandInput in) {
        this.in = in;
    }

    // RFC 4466 section 3: select-params = SP "(" select-param *(SP select-param) ")"
    SelectParameters parameters() throws BadCommandException {
        if (!in.take(' ')) {
            return SelectParameters.NONE;
        }
        boolean condStore = false;
        Optional<Qresync> qresync = Optional.empty();
        in.expect('(');
        do {
            String name = in.word("SELECT parameter");
            switch (name) {
                case "CONDSTORE" -> condStore = true;
                case "QRESYNC" -> qresync = Optional.of(qresync());
                default -> throw in.unknown("SELECT parameter", name);
            }
        } while (in.take(' '));
        in.expect(')');
        return new SelectParameters(condStore, qresync);
    }

    // RFC 7162 section 7: "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids]
    // [SP seq-match-data] ")"
    private Qresync qresync() throws BadCommandException {
        in.space();
        in.expect('(');
        long uidValidity = in.nzNumber();
        in.space();
        long modSeq = modSequenceValue(in);
        Optional<NumberRanges> knownUids = Optional.empty();
        Optional<SeqMatch> seqMatch = Optional.empty();
        if (in.take(' ')) {
            if (in.peek() != '(') {
                knownUids = Optional.of(knownSet().resolve(1));
            }
            if (in.peek() == '(' || in.take(' ')) {
                seqMatch = Optional.of(seqMatchData());
            }
        }
        in.expect(')');
        return new Qresync(uidValidity, modSeq, knownUids, seqMatch);
    }

    // RFC 7162 section 7: seq-match-data = "(" known-sequence-set SP known-uid-set ")"
    private SeqMatch seqMatchData() throws BadCommandException {
        in.expect('(');
        SequenceSet.Ranges sequenceNumbers = knownSet();
        in.space();
        SequenceSet.Ranges uids = knownSet();
        in.expect(')');
        return new SeqMatch(sequenceNumbers, uids);
    }

    // RFC 7162 section 7: known-uids = sequence-set, "*" is not allowed
    private SequenceSet.Ranges knownSet() throws BadCommandException {
        SequenceSet.Ranges set = SequenceSet.parseRanges(in);
        if (set.hasStar()) {
            throw in.error("\"*\" is not allowed here");
        }
        return set;
    }

    // RFC 7162 section 7: mod-sequence-value = 1*DIGIT, 1 <= n <= 9,223,372,036,854,775,807
    static long modSequenceValue(CommandInput in) throws BadCommandException {
        long value = in.number64();
        if (value == 0) {
            throw in.error("Mod-sequence above zero expected");
        }
        return value;
    }
}
