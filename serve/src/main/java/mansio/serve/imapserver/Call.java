package mansio.serve.imapserver;

import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.imap.ResponseWriter;

import java.io.IOException;

/** One command being served, and what it may use. */
record Call(String tag, SessionState session, Wire wire, Updates updates) {
    ResponseWriter out() {
        return wire.out();
    }

    /**
     * The client has shown that it knows CONDSTORE: RFC 7162 section 3.1. When that happens with a
     * mailbox selected, it is told where that mailbox stands.
     */
    void enableCondStore() throws IOException {
        boolean first = !session.enabled().condStore();
        session.enabled().enableCondStore();
        if (first && session.selected().isPresent()) {
            long highest = mailbox().view().counts().highestModSeq();
            out().untagged(Reply.ok(new ResponseCode.HighestModSeq(highest), "Highest"));
        }
    }

    SelectedMailbox mailbox() {
        return session.selected().orElseThrow();
    }
}
