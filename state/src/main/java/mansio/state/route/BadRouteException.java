package mansio.state.route;

/** What was asked for is no route; the message is a sentence for the administrator. */
final class BadRouteException extends Exception {
    private static final long serialVersionUID = 1;

    BadRouteException(String sentence) {
        super(sentence);
    }
}
