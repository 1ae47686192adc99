package mansio.net.smtpclient;

import java.util.List;

/** What became of {@link SessionOpening#open}. */
public sealed interface Opening {
    /**
     * A session, ready for a message.
     *
     * @param failures at hosts and addresses tried before, for the story
     */
    record Opened(SmtpSession session, List<Failure> failures) implements Opening {
        public Opened {
            failures = List.copyOf(failures);
        }
    }

    /**
     * None of the hosts gave a session.
     *
     * @param failure the one that counts: a refused log-in, which ends the search; else a temporary
     *     one, if there was any; a permanent one only when all hosts refuse for good
     * @param failures all of them, in order
     */
    record Closed(Failure failure, List<Failure> failures) implements Opening {
        public Closed {
            failures = List.copyOf(failures);
        }
    }
}
