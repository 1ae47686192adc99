package mansio.state.dsn;

import mansio.state.queue.Failure;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A row of docs/replies.md: what a failure means, and what helps.
 *
 * @param tests all of which must hold
 * @param cause one sentence; {@code {domain}} stands for the recipient's domain
 * @param cure one or two sentences, likewise
 */
record Advice(List<Test> tests, String cause, String cure) {
    /** One condition of a row. */
    private sealed interface Test {
        boolean holds(Failure failure, String words);
    }

    /** The enhanced status code, ours or the one in the reply: {@code 5.7.*}. */
    private record Status(Pattern pattern) implements Test {
        private static final Pattern IN_REPLY =
                Pattern.compile("^[245]\\d\\d[ -]([245]\\.\\d{1,3}\\.\\d{1,3})(?=\\s|$)");

        @Override
        public boolean holds(Failure failure, String words) {
            var inReply = IN_REPLY.matcher(failure.reply());
            String status = inReply.find() ? inReply.group(1) : failure.status();
            return pattern.matcher(status).matches();
        }
    }

    /** The reply code: {@code 550}. */
    private record Code(String digits) implements Test {
        @Override
        public boolean holds(Failure failure, String words) {
            return failure.reply().startsWith(digits);
        }
    }

    /** Words of the reply or of our own sentence, lower case. */
    private record Words(String text) implements Test {
        @Override
        public boolean holds(Failure failure, String words) {
            return words.contains(text);
        }
    }

    /**
     * A row.
     *
     * @throws IllegalArgumentException when {@code when} is not written as the page explains
     */
    static Advice of(String when, String cause, String cure) {
        return new Advice(
                List.of(when.split(" \\+ ")).stream().map(Advice::test).toList(), cause, cure);
    }

    private static Test test(String text) {
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            return new Words(text.substring(1, text.length() - 1).toLowerCase(Locale.ROOT));
        }
        if (text.matches("[245]\\d\\d")) return new Code(text);
        if (text.matches("[245](\\.(\\d{1,3}|\\*)){2}")) {
            return new Status(Pattern.compile(text.replace(".", "\\.").replace("*", "\\d{1,3}")));
        }
        throw new IllegalArgumentException("not a condition: " + text);
    }

    /** True when this row speaks of the failure. */
    boolean fits(Failure failure) {
        String words = (failure.reply() + "\n" + failure.sentence()).toLowerCase(Locale.ROOT);
        return tests.stream().allMatch(test -> test.holds(failure, words));
    }

    /** This row with the domain filled in. */
    Advice forDomain(String domain) {
        return new Advice(
                tests, cause.replace("{domain}", domain), cure.replace("{domain}", domain));
    }
}
