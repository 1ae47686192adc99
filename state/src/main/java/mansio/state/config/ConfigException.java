package mansio.state.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that cannot be used. It tells all mistakes at once. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Mistake> mistakes;

    ConfigException(String file, List<Mistake> mistakes) {
        super(mistakes.stream().map(it -> file + ": " + it).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    /** In the order of their lines; one or more. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
