package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rooms that keep their rows in the partition of the directory have numbers of their own, from 32
 * on: with one number for two, neither can read what is there, and the server does not start again.
 */
class TableNumbersTest {
    private static final int SHARED_FROM = 32;
    private static final Pattern TABLE = Pattern.compile("Key\\.table\\((\\d+)\\)");

    @Test
    void noNumberStandsForTwoTables() {
        Map<Integer, String> owners = new TreeMap<>();
        for (Path file : Tree.javaFiles()) {
            Matcher table =
                    TABLE.matcher(file.toString().contains("/src/main/") ? Tree.read(file) : "");
            while (table.find()) {
                int number = Integer.parseInt(table.group(1));
                if (number >= SHARED_FROM) {
                    String other = owners.put(number, file.getFileName().toString());
                    assertThat(other).as("table %d, also of %s", number, file).isNull();
                }
            }
        }
        assertThat(owners).hasSizeGreaterThanOrEqualTo(8);
    }
}
