package mansio.state.config;

/**
 * Something wrong in the configuration file.
 *
 * @param line counted from 1; 0 when it belongs to no line
 * @param sentence what is wrong, and what to do where that is not plain
 */
public record Mistake(int line, String sentence) {
    /** Such as {@code line 7: limits.message_size is not a size such as 50 MiB}. */
    @Override
    public String toString() {
        return line == 0 ? sentence : "line " + line + ": " + sentence;
    }
}
