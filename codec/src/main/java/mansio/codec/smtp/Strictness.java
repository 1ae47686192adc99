package mansio.codec.smtp;

/** Whether the parser bears with common mistakes. Each is named where it is borne. */
public enum Strictness {
    /** The RFC's grammar and nothing else: for tests and for finding faults in clients. */
    STRICT,
    /** For the world as it is. */
    TOLERANT
}
