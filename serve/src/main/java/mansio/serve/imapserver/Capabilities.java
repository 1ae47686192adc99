package mansio.serve.imapserver;

import mansio.codec.sasl.Mechanism;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What we say we can: RFC 9051 section 7.2.2. */
final class Capabilities {
    /** Worth knowing before log-in. */
    private static final List<String> ALWAYS =
            List.of("IMAP4rev1", "IMAP4rev2", "LITERAL+", "SASL-IR", "ID", "ENABLE");

    private static final List<String> AFTER_LOGIN =
            List.of(
                    "IDLE",
                    "NAMESPACE",
                    "UIDPLUS",
                    "CHILDREN",
                    "UNSELECT",
                    "MOVE",
                    "SPECIAL-USE",
                    "CREATE-SPECIAL-USE",
                    "LIST-EXTENDED",
                    "LIST-STATUS",
                    "STATUS=SIZE",
                    "ESEARCH",
                    "SEARCHRES",
                    "WITHIN",
                    "MULTIAPPEND",
                    "BINARY",
                    "UTF8=ACCEPT",
                    "CONDSTORE",
                    "QRESYNC");

    private Capabilities() {}

    /** What this client may use now. */
    static List<String> of(SessionState session) throws IOException {
        List<String> capabilities = new ArrayList<>(ALWAYS);
        if (session.state() instanceof State.NotAuthenticated) {
            if (session.canStartTls()) {
                capabilities.add("STARTTLS");
            }
            List<Mechanism> mechanisms = LogIn.offered(session);
            for (Mechanism mechanism : mechanisms) {
                capabilities.add("AUTH=" + mechanism.saslName());
            }
            if (!mechanisms.contains(Mechanism.PLAIN)) {
                capabilities.add("LOGINDISABLED");
            }
            return capabilities;
        }
        capabilities.addAll(AFTER_LOGIN);
        capabilities.add("APPENDLIMIT=" + session.settings().limits().appendBytes());
        return capabilities;
    }
}
