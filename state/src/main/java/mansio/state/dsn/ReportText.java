package mansio.state.dsn;

import mansio.codec.message.Header;
import mansio.codec.text.Domain;
import mansio.state.queue.Failure;
import mansio.state.queue.Fate;
import mansio.state.queue.Progress;
import mansio.state.queue.Recipient;
import mansio.state.queue.Reports.Kind;
import mansio.state.queue.Reports.Occasion;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The part of a report that a person reads: what happened, why, and what helps. */
final class ReportText {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final int MAX_SUBJECT = 200;

    /** So many recipients have room for all that their servers said. */
    private static final int FEW = 8;

    /** Of a text from outside when there are more. */
    private static final int BRIEF = 160;

    private final Occasion occasion;
    private final Audience audience;
    private final Advices advices;
    private final StringBuilder out = new StringBuilder();

    private ReportText(Occasion occasion, Audience audience, Advices advices) {
        this.occasion = occasion;
        this.audience = audience;
        this.advices = advices;
    }

    /** The text, with CRLF line ends. */
    static String of(Occasion occasion, Audience audience, Advices advices, Header original) {
        ReportText text = new ReportText(occasion, audience, advices);
        text.opening();
        occasion.told().forEach(text::recipient);
        text.message(original);
        return text.out.toString();
    }

    /** The subject of the report: what happened, and the subject of the message. */
    static String subject(Occasion occasion, Header original) {
        String what =
                switch (occasion.kind()) {
                    case FAILED -> "Not delivered";
                    case DELAYED -> "Delayed, still trying";
                    case RELAYED -> "Handed on";
                    case DELIVERED -> "Delivered";
                };
        return what + ": " + subject(original).orElse("(no subject)");
    }

    private void opening() {
        int told = occasion.told().size();
        long all =
                occasion.entry().recipients().stream().map(audience::addressOf).distinct().count();
        String whose =
                audience instanceof Audience.Owner
                        ? "A message that an alias of your domain forwards"
                        : "Your message";
        String whom =
                all == 1 || (told == all && told > 1)
                        ? (told == 1 ? "its recipient" : "all of its recipients")
                        : told + " of its " + all + " recipients";
        switch (occasion.kind()) {
            case FAILED -> {
                line(whose + " could not be delivered to " + whom + ".");
                line("It will not be tried again.");
            }
            case DELAYED -> {
                line(whose + " has not yet been delivered to " + whom + ".");
                line("You need not do anything: it is tried until");
                line(WHEN.format(occasion.givenUpAt()) + ".");
            }
            case RELAYED -> {
                line(whose + " was handed on for " + whom + ".");
                line("The server that took it will not tell when it is delivered.");
            }
            case DELIVERED -> line(whose + " was delivered to " + whom + ".");
        }
    }

    private void recipient(Recipient recipient) {
        line("");
        line("  " + audience.addressOf(recipient).toDisplay());
        if (audience instanceof Audience.Owner) {
            line("    forwarded by " + recipient.forwardPath().toDisplay());
        }
        switch (recipient.progress()) {
            case Progress.Done(Fate fate) -> fate(recipient, fate);
            case Progress.Waiting waiting -> waiting.failure().ifPresent(it -> why(recipient, it));
            case Progress.DotSent(_, _, Progress.Waiting before) ->
                    before.failure().ifPresent(it -> why(recipient, it));
            case Progress.Held(_, Progress.Waiting before) ->
                    before.failure().ifPresent(it -> why(recipient, it));
        }
    }

    private void fate(Recipient recipient, Fate fate) {
        switch (fate) {
            case Fate.Failed(Failure failure) -> why(recipient, failure);
            case Fate.Expired(Failure failure) -> {
                wrapped("    ", "It was tried for days without success. The last time:");
                why(recipient, failure);
            }
            case Fate.Delivered(String host, String reply, _, _) -> quoted(host, reply);
            case Fate.LocalDelivered _ -> line("    It is in the mailbox.");
            case Fate.Removed _ -> line("    It was removed.");
            case Fate.WentOn _ -> line("    It is on its way.");
        }
    }

    private void why(Recipient recipient, Failure failure) {
        String domain = audience.addressOf(recipient).domain().map(Domain::toUnicode).orElse("it");
        Optional<Advice> advice = advices.on(failure, domain);
        advice.ifPresent(it -> wrapped("    ", it.cause()));
        advice.filter(it -> occasion.kind() == Kind.FAILED)
                .ifPresent(it -> wrapped("    ", "What helps: " + it.cure()));
        if (!failure.sentence().isEmpty()) {
            wrapped("    ", "What happened: " + brief(failure.sentence(), occasion));
        }
        quoted(failure.host(), failure.reply());
    }

    private void quoted(String host, String reply) {
        if (reply.isEmpty()) {
            if (!host.isEmpty()) line("    Server: " + host);
            return;
        }
        line("    The server " + (host.isEmpty() ? "" : host + " ") + "answered:");
        wrapped("      ", brief(reply, occasion));
    }

    private void message(Header original) {
        line("");
        line("The message:");
        subject(original).ifPresent(subject -> wrapped("  ", "Subject:    " + subject));
        line("  Received:   " + WHEN.format(occasion.entry().received()));
        if (!occasion.entry().messageId().isEmpty()) {
            line("  Message-ID: <" + clean(occasion.entry().messageId()) + ">");
        }
        line("  Queue id:   " + occasion.entry().id());
    }

    private static Optional<String> subject(Header original) {
        return original.first("Subject")
                .map(field -> clean(field.decoded()))
                .filter(text -> !text.isEmpty());
    }

    private static String clean(String text) {
        return cut(text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}]+", " "), MAX_SUBJECT);
    }

    /** A text from outside: whole for few recipients, its beginning for many. */
    static String brief(String text, Occasion occasion) {
        return occasion.told().size() <= FEW ? text : cut(text, BRIEF);
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) return text;
        int end = Character.isHighSurrogate(text.charAt(max - 4)) ? max - 4 : max - 3;
        return text.substring(0, end) + "...";
    }

    /** Broken at spaces, so that lines stay short; a word is never broken. */
    private void wrapped(String indent, String text) {
        StringBuilder current = new StringBuilder(indent);
        for (String word : List.of(text.strip().split("\\s+"))) {
            if (current.length() > indent.length() && current.length() + 1 + word.length() > 76) {
                line(current.toString());
                current.setLength(0);
                current.append(indent);
            }
            if (current.length() > indent.length()) current.append(' ');
            current.append(word);
        }
        line(current.toString());
    }

    private void line(String text) {
        out.append(text).append("\r\n");
    }
}
