package mansio.app.wiring;

import java.io.IOException;
import java.nio.file.FileSystems;

/** The users that the system knows. */
final class SystemUsers {
    private SystemUsers() {}

    /** True when there is a user of that name; not when it cannot be told. */
    static boolean has(String name) {
        // The platform takes a number for the user who has it.
        if (name.isEmpty() || name.chars().allMatch(Character::isDigit)) return false;
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
