package mansio.net.listen;

import java.io.IOException;
import java.net.BindException;
import java.util.Locale;

/** Says in a sentence why a listener could not have its address. */
final class BindProblem {
    private BindProblem() {}

    static String sentence(Listening what, IOException cause) {
        String told = String.valueOf(cause.getMessage());
        String where = what.at() + " (" + what.name() + ")";
        return "Cannot listen on " + where + ": " + reason(what.at(), cause, told);
    }

    private static String reason(ListenAt at, IOException cause, String told) {
        String lower = told.toLowerCase(Locale.ROOT);
        boolean bind = cause instanceof BindException;
        if (at instanceof ListenAt.Tcp tcp && bind) {
            int port = tcp.address().getPort();
            if (lower.contains("in use")) {
                return "another program uses this port; to see which: ss -ltnp 'sport = :"
                        + port
                        + "'";
            }
            if (lower.contains("permission")) {
                return "permission denied; a port below 1024 needs the capability"
                        + " CAP_NET_BIND_SERVICE, which the systemd unit gives";
            }
            if (lower.contains("assign")) {
                return "this computer has no such address";
            }
        }
        return told;
    }
}
