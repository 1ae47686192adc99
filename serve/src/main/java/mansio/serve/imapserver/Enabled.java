package mansio.serve.imapserver;

/**
 * What changes how we speak to this client: RFC 5161, RFC 7162 section 3.1, RFC 9051 appendix A.
 */
final class Enabled {
    private boolean rev2;
    private boolean utf8;
    private boolean utf8Accept;
    private boolean condStore;
    private boolean qresync;

    void enableRev2() {
        rev2 = true;
        utf8 = true; // RFC 9051 section 5.1: mailbox names are UTF-8 then.
    }

    void enableUtf8() {
        utf8 = true;
        utf8Accept = true;
    }

    void enableCondStore() {
        condStore = true;
    }

    /** RFC 7162 section 3.2.3: QRESYNC enables CONDSTORE too. */
    void enableQresync() {
        qresync = true;
        condStore = true;
    }

    /** No RECENT, no SEARCH response, LIST with SELECT: RFC 9051 appendix E. */
    boolean rev2() {
        return rev2;
    }

    /** Names and quoted strings are UTF-8. */
    boolean utf8() {
        return utf8;
    }

    /** UTF8=ACCEPT itself: RFC 6855. */
    boolean utf8Accept() {
        return utf8Accept;
    }

    /** Every FETCH response with flags has MODSEQ. */
    boolean condStore() {
        return condStore;
    }

    /** VANISHED instead of EXPUNGE. */
    boolean qresync() {
        return qresync;
    }
}
