package mansio.codec.text;

/**
 * Input from outside broke the grammar. Cheap to throw: it has no stack trace. Whoever reads
 * commands catches it and answers the peer; it never means a fault of ours.
 */
public final class SyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * @param message what was expected, one clean line without text from the peer
     * @param offset where the parser stood, counted in units of its input (bytes or chars) from 0
     */
    public SyntaxException(String message, int offset) {
        super(message);
        this.offset = offset;
    }

    public int offset() {
        return offset;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
