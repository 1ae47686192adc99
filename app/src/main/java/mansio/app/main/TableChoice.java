package mansio.app.main;

import mansio.state.postfix.PostfixImport.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Which table is imported: one of them. */
final class TableChoice {
    @Option(names = "--aliases", paramLabel = "FILE", description = "A file as /etc/aliases.")
    @Nullable Path aliases;

    @Option(names = "--virtual", paramLabel = "FILE", description = "A virtual alias table.")
    @Nullable Path virtual;

    @Option(names = "--transport", paramLabel = "FILE", description = "A transport table.")
    @Nullable Path transport;

    @Option(
            names = "--sender-relay",
            paramLabel = "FILE",
            description = "A sender-dependent relayhost table.")
    @Nullable Path senderRelay;

    @Option(names = "--canonical", paramLabel = "FILE", description = "A canonical table.")
    @Nullable Path canonical;

    @Option(
            names = "--sender-canonical",
            paramLabel = "FILE",
            description = "A canonical table for senders.")
    @Nullable Path senderCanonical;

    @Option(
            names = "--recipient-canonical",
            paramLabel = "FILE",
            description = "A canonical table for recipients.")
    @Nullable Path recipientCanonical;

    @Option(names = "--generic", paramLabel = "FILE", description = "A generic table.")
    @Nullable Path generic;

    /** What was chosen. */
    record Chosen(Table table, Path file) {}

    Chosen chosen() {
        if (aliases != null) {
            return new Chosen(Table.ALIASES, aliases);
        }
        if (virtual != null) {
            return new Chosen(Table.VIRTUAL, virtual);
        }
        if (transport != null) {
            return new Chosen(Table.TRANSPORT, transport);
        }
        if (senderRelay != null) {
            return new Chosen(Table.SENDER_RELAY, senderRelay);
        }
        if (canonical != null) {
            return new Chosen(Table.CANONICAL, canonical);
        }
        if (senderCanonical != null) {
            return new Chosen(Table.SENDER_CANONICAL, senderCanonical);
        }
        if (recipientCanonical != null) {
            return new Chosen(Table.RECIPIENT_CANONICAL, recipientCanonical);
        }
        if (generic != null) {
            return new Chosen(Table.GENERIC, generic);
        }
        throw new IllegalStateException("picocli wants one of them");
    }
}
