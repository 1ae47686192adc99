package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.Fate;
import mansio.state.queue.Progress;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code queue show}. */
public record ShowQueued(QueueId id) implements Operation<ShowQueued.Entry> {
    /**
     * A message in the queue.
     *
     * @param sender the reverse-path, empty for the null one
     * @param from the peer it came from
     */
    public record Entry(
            QueueId id,
            Instant received,
            long size,
            String messageId,
            Optional<Address> sender,
            From from,
            List<To> recipients)
            implements Answer {
        public Entry {
            recipients = List.copyOf(recipients);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(id.toString());
            lines.add("  received    " + Times.milli(received));
            lines.add("  size        " + size);
            lines.add("  message-id  " + (messageId.isEmpty() ? "none" : "<" + messageId + ">"));
            lines.add("  sender      " + sender.map(Address::toDisplay).orElse("<>"));
            lines.add(
                    "  from        %s (%s) by %s".formatted(from.client, from.helo, from.protocol));
            lines.add("  session     " + from.session);
            for (To to : recipients) {
                lines.add(
                        "  %s  %s: %s%s"
                                .formatted(
                                        to.address.toDisplay(),
                                        to.action,
                                        to.state,
                                        to.note.isEmpty() ? "" : " (" + to.note + ")"));
            }
            return lines;
        }
    }

    /** The peer, as {@code Received} tells it. */
    public record From(String client, String helo, String protocol, String session) {}

    /**
     * A recipient.
     *
     * @param action {@code deliver}, {@code quarantine}, {@code relay} or {@code forward to} whom
     * @param state {@code waiting}, {@code unknown} whether the other side has it, {@code held} or
     *     {@code done}
     * @param note why it waits, or how it went
     */
    public record To(Address address, String action, String state, String note) {
        static To of(Recipient recipient) {
            String action =
                    switch (recipient.action()) {
                        case Action.Deliver deliver ->
                                switch (deliver.placing()) {
                                    case INBOX -> "deliver";
                                    case JUNK -> "quarantine";
                                };
                        case Action.Relay _ -> "relay";
                        case Action.Forward forward -> "forward to " + forward.to().toDisplay();
                    };
            Address address = recipient.forwardPath();
            return switch (recipient.progress()) {
                case Progress.Waiting waiting -> new To(address, action, "waiting", note(waiting));
                case Progress.DotSent(Instant at, String host, _) ->
                        new To(
                                address,
                                action,
                                "unknown",
                                "sent to " + host + " at " + Times.second(at) + ", no answer");
                case Progress.Held(String reason, _) -> new To(address, action, "held", reason);
                case Progress.Done(Fate fate) -> new To(address, action, "done", fate.line());
            };
        }

        private static String note(Progress.Waiting waiting) {
            if (waiting.failure().isEmpty()) return "";
            return "%d tries, the next not before %s: %s"
                    .formatted(
                            waiting.attempts(),
                            Times.second(waiting.notBefore()),
                            waiting.failure().get().line());
        }
    }

    @Override
    public Outcome<Entry> run(Rooms rooms) throws IOException {
        return rooms.mail()
                .queue()
                .find(id)
                .map(entry -> Outcome.done(of(entry)))
                .orElseGet(
                        () ->
                                Outcome.refused(
                                        Outcome.Problem.NOT_FOUND,
                                        id
                                                + " is not in the queue; what became of it: mansio"
                                                + " trace "
                                                + id));
    }

    private static Entry of(QueueEntry entry) {
        Envelope.Source source = entry.envelope().source();
        return new Entry(
                entry.id(),
                entry.received(),
                entry.content().length(),
                entry.messageId(),
                entry.envelope().reversePath(),
                new From(source.client(), source.helo(), source.protocol(), source.session()),
                entry.recipients().stream().map(To::of).toList());
    }
}
