package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.queue.QueueId;
import mansio.state.story.Stories;
import mansio.state.story.Story;
import mansio.state.story.StoryHead;
import mansio.state.story.StoryLine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code trace}: what happened to a message, step by step.
 *
 * @param term a queue id, a Message-ID with or without its angle brackets, or an address
 */
public record Trace(String term) implements Operation<Trace.Found> {
    /** Messages that are told; the newest. */
    static final int MAX_STORIES = 10;

    /** Steps that are told of each. */
    static final int MAX_STEPS = 300;

    /** An id may be made up to a minute ahead of the clock, and used some minutes later. */
    private static final Duration NEAR = Duration.ofHours(1);

    /** What is known, the newest first. */
    public record Found(String term, List<Message> messages) implements Answer {
        public Found {
            messages = List.copyOf(messages);
        }

        @Override
        public List<String> lines() {
            if (messages.isEmpty()) return List.of("Nothing is known of " + term + ".");
            List<String> lines = new ArrayList<>();
            for (Message message : messages) message.addTo(lines);
            return lines;
        }

        @Override
        public boolean satisfied() {
            return !messages.isEmpty();
        }
    }

    /** One message and its steps in the order of time. */
    public record Message(
            QueueId id,
            Instant received,
            String messageId,
            String sender,
            List<String> recipients,
            int recipientCount,
            long size,
            List<StoryLine> steps) {
        public Message {
            recipients = List.copyOf(recipients);
            steps = List.copyOf(steps);
        }

        static Message of(Story story) {
            StoryHead head = story.head();
            return new Message(
                    new QueueId(head.queueId()),
                    head.received(),
                    head.messageId(),
                    head.sender(),
                    head.recipients(),
                    head.recipientCount(),
                    head.size(),
                    story.lines().stream().limit(MAX_STEPS).toList());
        }

        private void addTo(List<String> lines) {
            int others = recipientCount - 1;
            String to = recipients.isEmpty() ? "" : recipients.getFirst();
            lines.add(
                    "%s  %s -> %s%s, %d bytes, %s"
                            .formatted(
                                    id,
                                    sender,
                                    to,
                                    others > 0 ? " and " + others + " more" : "",
                                    size,
                                    messageId.isEmpty() ? "no Message-ID" : "<" + messageId + ">"));
            for (StoryLine step : steps) {
                lines.add(
                        "  %s  %s: %s%s"
                                .formatted(
                                        Times.milli(step.at()),
                                        step.step(),
                                        step.outcome(),
                                        step.reason().isEmpty() ? "" : " - " + step.reason()));
            }
        }
    }

    @Override
    public Outcome<Found> run(Rooms rooms) throws IOException {
        Optional<Story> named = byId(rooms.mail().stories());
        List<Story> stories =
                named.isPresent()
                        ? List.of(named.get())
                        : rooms.mail().stories().byTerm(bare(), MAX_STORIES);
        return Outcome.done(new Found(term, stories.stream().map(Message::of).toList()));
    }

    /** Stories are kept by the day of their message, which may begin between its id and it. */
    private Optional<Story> byId(Stories stories) throws IOException {
        Optional<QueueId> id = QueueId.parse(term);
        if (id.isEmpty()) return Optional.empty();
        Instant made = id.get().madeAt();
        for (Instant received : List.of(made, made.plus(NEAR), made.minus(NEAR))) {
            Optional<Story> story = stories.byQueueId(id.get().value(), received);
            if (story.isPresent()) return story;
        }
        return Optional.empty();
    }

    private String bare() {
        boolean bracketed = term.length() > 2 && term.startsWith("<") && term.endsWith(">");
        return bracketed ? term.substring(1, term.length() - 1) : term;
    }
}
