package mansio.serve.admin;

import java.util.List;

/**
 * What an operation found or did. Its record components are what {@code --json} shows; programs
 * rely on them.
 */
public interface Answer {
    /** For people, a line each, without line ends. May hold the one secret that was made. */
    List<String> lines();

    /** False when all went well and the answer is still no: nothing found, something is wrong. */
    default boolean satisfied() {
        return true;
    }
}
