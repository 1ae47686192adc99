package mansio.serve.imapserver;

import mansio.codec.imap.ResponseWriter;

/** One command being served, and what it may use. */
record Call(String tag, SessionState session, Wire wire, Updates updates) {
    ResponseWriter out() {
        return wire.out();
    }

    SelectedMailbox mailbox() {
        return session.selected().orElseThrow();
    }
}
