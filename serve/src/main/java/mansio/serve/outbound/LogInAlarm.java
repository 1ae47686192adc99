package mansio.serve.outbound;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.dsn.AdminNotices;
import mansio.state.dsn.AdminNotices.Notice;
import mansio.state.queue.Failure;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.route.LogInTroubles;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.RoutePattern;
import mansio.state.story.StoryLine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes to an administrator that a relay host refuses our log-in. Safe for use by any thread. */
public final class LogInAlarm implements Outbound.OnRefusedLogIn {
    private static final Logger log = LoggerFactory.getLogger(LogInAlarm.class);

    private final LogInTroubles troubles;
    private final AdminNotices notices;
    private final Queue queue;
    private final Time time;

    public LogInAlarm(LogInTroubles troubles, AdminNotices notices, Queue queue, Time time) {
        this.troubles = troubles;
        this.notices = notices;
        this.queue = queue;
        this.time = time;
    }

    @Override
    public void refused(RemoteRoute route, Failure failure) {
        try {
            if (!troubles.tellNow(route)) return;
            QueueId id = queue.newId();
            Optional<QueueEntry> entry = notices.entry(id, time.now(), notice(route, failure));
            if (entry.isEmpty()) {
                log.atWarn().log("a relay host refuses our log-in, and nobody can be told");
                return;
            }
            StoryLine line =
                    new StoryLine(
                            time.now(),
                            "received",
                            "made here",
                            "the route " + route.name() + " cannot log in");
            queue.accept(entry.get(), List.of(line), Optional.empty());
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("route", route.name())
                    .log("the admin cannot be told of a refused log-in: {}", e.getMessage());
        }
    }

    private static Notice notice(RemoteRoute route, Failure failure) {
        List<String> lines = new ArrayList<>();
        lines.add("A relay host refuses our log-in. The mail of its route is held: nothing is");
        lines.add("returned to senders, and nothing is lost.");
        lines.add("");
        lines.add("  Route:    " + route.name() + " -> " + route.target().text());
        RouteCommand.user(route).ifPresent(it -> lines.add("  User:     " + it));
        lines.add("  Host:     " + failure.host());
        lines.add("  It said:  " + (failure.reply().isEmpty() ? "nothing" : failure.reply()));
        if (failure.reply().isEmpty()) lines.add("  Cause:    " + failure.sentence());
        lines.add("");
        lines.add("This shows the whole dialogue:");
        lines.add("");
        lines.add("  mansio route test " + RouteCommand.quoted(route.name()));
        lines.add("");
        lines.add("This asks for a new password; then the mail leaves by itself:");
        lines.add("");
        lines.add("  " + RouteCommand.again(route));
        lines.add("");
        if (!route.settings().retry().equals(Retry.USUAL)) {
            lines.add("(with the times for retries that mansio route list shows)");
            lines.add("");
        }
        lines.add("When the fault was the host's and is over: mansio queue retry --all");
        lines.add("");
        lines.add("Of this route nobody is told again within a day; mansio status and");
        lines.add("mansio queue lanes show what is held.");
        return new Notice(domain(route.pattern()), subject(failure), lines);
    }

    private static String subject(Failure failure) {
        return "Mail is held: " + failure.host() + " refuses our log-in";
    }

    /** Whose mail it is, as far as the pattern says so. */
    private static Optional<Domain> domain(RoutePattern pattern) {
        return switch (pattern) {
            case RoutePattern.Sender(Address address) -> address.domain();
            case RoutePattern.SenderDomain(Domain domain) -> Optional.of(domain);
            case RoutePattern.Exact _, RoutePattern.Below _, RoutePattern.All _ -> Optional.empty();
        };
    }
}
