package mansio.serve.outbound;

import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.Problem;
import mansio.net.smtpclient.Stage;

/** Which refusals are about us, not about the mail: where another sender may be welcome. */
final class Policy {
    private Policy() {}

    /** At the greeting or EHLO. */
    static boolean refusesUs(Failure failure) {
        return failure.kind() == Failure.Kind.PERMANENT
                && (failure.problem().stage() == Stage.GREETING
                        || failure.problem().stage() == Stage.EHLO);
    }

    /** RFC 3463: X.7.x, security or policy, at MAIL or RCPT and with words of the other side. */
    static boolean refusesUs(Problem problem) {
        return problem.reply().isPresent()
                && problem.status().startsWith("5.7.")
                && (problem.stage() == Stage.MAIL || problem.stage() == Stage.RCPT);
    }
}
