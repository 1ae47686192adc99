package mansio.serve.outbound;

import mansio.net.smtpclient.SmtpClient.Begin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What came of a message that went its way out of here, into another receiver than the world's.
 *
 * @param way in words: where it would go, and by which route
 * @param relay who would bring it to the world in our place; empty when we would
 * @param source the address of ours that its route names
 * @param signing whether it was signed, and with what, or why not; empty when it did not come to
 *     that
 * @param notes oddities of the way and of the session
 */
public record DryRun(
        String way,
        Optional<Relay> relay,
        Optional<InetAddress> source,
        Optional<String> signing,
        List<String> notes,
        End end) {
    public DryRun {
        notes = List.copyOf(notes);
    }

    /**
     * A host that takes mail from us and sends it on.
     *
     * @param name the first of those of its route
     * @param address where it takes mail; empty when the DNS does not tell
     */
    public record Relay(String name, Optional<InetAddress> address) {}

    /** How it ended. */
    public sealed interface End {
        /**
         * The receiver has it.
         *
         * @param reply its words
         */
        record Taken(String reply) implements End {}

        /**
         * The receiver does not have it.
         *
         * @param why its words, or what broke
         */
        record Failed(String why) implements End {}

        /**
         * It never leaves by this way.
         *
         * @param why in words
         */
        record Stays(String why) implements End {}
    }

    /** Whom the message is for. */
    public enum Aim {
        /** The way of its recipient. */
        RECIPIENT,
        /** The way of mail that no route is for but those for all; no host is looked up. */
        ANYBODY
    }

    /** Where the message goes in place of the hosts of its way. */
    public record Stage(Aim aim, Opener receiver) {}

    /** Makes the receiver. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Called once, when the way is known.
         *
         * @return where it listens now
         */
        InetSocketAddress open(Begin begin) throws IOException;
    }
}
