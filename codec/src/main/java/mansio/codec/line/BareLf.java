package mansio.codec.line;

/** What a line feed without a carriage return before it means at the end of a line. */
public enum BareLf {
    /** It ends the line like CRLF: for dialogues where no harm can come of it. */
    ENDS_LINE,
    /**
     * It ends the line, which is then reported as {@link Line.BareLineFeed} and never obeyed. SMTP
     * needs this: "not use line feed alone" is RFC 5321 section 2.3.8, and two programs that
     * disagree about where a line ends can be made to disagree about where a message ends.
     */
    REFUSED
}
