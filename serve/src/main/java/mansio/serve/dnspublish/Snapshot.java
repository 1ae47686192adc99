package mansio.serve.dnspublish;

import mansio.net.dns.Answer;
import mansio.net.dns.Question;
import mansio.net.dns.Resolver;

import java.util.HashMap;
import java.util.Map;

/**
 * What a server said, once for each question: so what was judged is what is replaced. Used by one
 * thread.
 */
final class Snapshot implements Resolver {
    private final Resolver server;
    private final Map<Question, Answer> said = new HashMap<>();

    Snapshot(Resolver server) {
        this.server = server;
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        Answer known = said.get(question);
        if (known != null) return known;
        Answer answer = server.lookup(question, deadlineNanos);
        said.put(question, answer);
        return answer;
    }
}
