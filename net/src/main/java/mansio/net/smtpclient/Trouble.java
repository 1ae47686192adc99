package mansio.net.smtpclient;

import mansio.net.listen.ConnectionEnding;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;

import javax.net.ssl.SSLException;

/** The usual causes of a broken connection, for words that a person understands. */
enum Trouble {
    /** Nobody listens there. */
    REFUSED,
    /** No route, or no network. */
    UNREACHABLE,
    /** No answer in time. */
    SILENT,
    /** Broken off without a word. */
    RESET,
    /** Closed in good order, too early. */
    CLOSED,
    TLS,
    /** Our own address cannot be used. */
    SOURCE,
    OTHER;

    /** The system's words are all that tells most of them apart. */
    static Trouble of(Throwable cause) {
        @Nullable Throwable at = cause;
        for (int depth = 0; at != null && depth < 5; depth++) {
            Trouble found = look(at);
            if (found != OTHER) return found;
            at = at.getCause();
        }
        return OTHER;
    }

    private static Trouble look(Throwable cause) {
        String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return switch (cause) {
            case SSLException _ -> TLS;
            case BindException _ -> SOURCE;
            case SocketTimeoutException _ -> SILENT;
            case NoRouteToHostException _ -> UNREACHABLE;
            case ConnectionEnding ending when ending.why() == ConnectionEnding.Why.DEADLINE ->
                    SILENT;
            case EOFException _ -> CLOSED;
            case SocketException _ -> {
                if (words.contains("refused")) yield REFUSED;
                if (words.contains("unreachable") || words.contains("no route")) yield UNREACHABLE;
                if (words.contains("timed out")) yield SILENT;
                if (words.contains("reset") || words.contains("broken pipe")) yield RESET;
                if (words.contains("cannot assign requested address")) yield SOURCE;
                yield OTHER;
            }
            case IOException _ when words.contains("reset") || words.contains("broken pipe") ->
                    RESET;
            default -> OTHER;
        };
    }
}
