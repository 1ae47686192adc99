package mansio.trust.spf;

import mansio.trust.spf.SpfResult.Step;

import java.util.List;

/** Says in one sentence how a record decided. */
final class Reasons {
    private Reasons() {}

    static String of(Result result, SpfRequest request, List<Step> path) {
        String client = request.clientText();
        String domain = request.senderDomain();
        String said =
                switch (result) {
                    case PASS -> client + " may send for " + domain;
                    case FAIL -> client + " may not send for " + domain;
                    case SOFTFAIL -> client + " should probably not send for " + domain;
                    case NEUTRAL, NONE, TEMPERROR, PERMERROR ->
                            domain + " does not say whether " + client + " may send for it";
                };
        if (path.isEmpty() || path.getLast().isRedirect()) {
            return said + ": no term matches";
        }
        Step last = path.getLast();
        String where = last.record().text().equals(domain) ? "" : " of " + last.record();
        return said + ": " + last.term() + where + " matches";
    }
}
