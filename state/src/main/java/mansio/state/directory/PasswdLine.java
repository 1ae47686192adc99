package mansio.state.directory;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a Dovecot passwd-file: {@code user:password:uid:gid:gecos:home:shell:extra fields}.
 * Everything behind the password may be missing.
 */
sealed interface PasswdLine {
    /** Longest line that is looked at, in chars. */
    int MAX_LENGTH = 4096;

    /** An empty line or a comment. */
    record Nothing() implements PasswdLine {}

    /** Not a line of such a file. */
    record Malformed(String reason) implements PasswdLine {}

    /**
     * A user.
     *
     * @param name with or without a domain
     * @param password as {@link mansio.state.password.SchemeParser} reads it
     * @param extras names of the extra fields, without their values
     */
    record User(String name, String password, List<String> extras) implements PasswdLine {
        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    /** Reads one line, without its end. */
    static PasswdLine parse(String line) {
        if (line.length() > MAX_LENGTH) {
            return new Malformed("the line is longer than " + MAX_LENGTH + " characters");
        }
        if (line.isBlank() || line.startsWith("#")) {
            return new Nothing();
        }
        String[] fields = line.split(":", 8);
        if (fields.length < 2 || fields[0].isBlank()) {
            return new Malformed("the line is not user:password:...");
        }
        return new User(
                fields[0].strip(), fields[1], fields.length < 8 ? List.of() : extras(fields[7]));
    }

    /** Extra fields are parted by spaces; values may hold quoted spaces, names never do. */
    private static List<String> extras(String text) {
        List<String> names = new ArrayList<>();
        for (String field : text.split(" ")) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            if (!name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                names.add(name);
            }
        }
        return names;
    }
}
