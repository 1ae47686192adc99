package mansio.codec.sasl;

import java.util.Optional;

/** PLAIN, the server side (RFC 4616). */
public final class PlainServer implements ServerMechanism {
    private boolean over;

    @Override
    public Step.Challenge start() {
        return new Step.Challenge(new byte[0]);
    }

    /** RFC 4616 section 2: message = [authzid] UTF8NUL authcid UTF8NUL passwd. */
    @Override
    public Step step(byte[] message) {
        if (over) {
            throw new IllegalStateException("exchange is over");
        }
        over = true;
        Optional<String> text = Utf8.decode(message, MAX_MESSAGE);
        if (text.isEmpty()) {
            return new Step.Failure(Step.Cause.MALFORMED);
        }
        String all = text.get();
        int first = all.indexOf('\0');
        int second = all.indexOf('\0', first + 1);
        boolean threeParts = first >= 0 && second > first && all.indexOf('\0', second + 1) < 0;
        if (!threeParts || second == first + 1 || second == all.length() - 1) {
            return new Step.Failure(Step.Cause.MALFORMED);
        }
        return new Step.Password(
                first == 0 ? Optional.empty() : Optional.of(all.substring(0, first)),
                all.substring(first + 1, second),
                all.substring(second + 1));
    }
}
