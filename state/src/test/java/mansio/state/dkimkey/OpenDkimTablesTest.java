package mansio.state.dkimkey;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.dkimkey.OpenDkimTables.Plan;
import mansio.state.dkimkey.OpenDkimTables.Result;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Tables of an OpenDKIM, line by line. */
class OpenDkimTablesTest {
    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static String told(Result it) {
        return it.table() + " " + it.line() + " " + it.fate() + ": " + it.note();
    }

    @Test
    void everyLineHasAFate() {
        Plan plan =
                OpenDkimTables.plan(
                        lines(
                                """
                                # keys
                                main example.org:mail:/etc/dkimkeys/mail.private
                                news example.org:news:/etc/dkimkeys/news.private
                                any  %:any:/etc/dkimkeys/any.private
                                none example.net:x:/etc/dkimkeys/x.private
                                bad  example.org
                                main example.org:two:/etc/dkimkeys/two.private
                                """),
                        Optional.of(
                                lines(
                                        """
                                        *@example.org main
                                        news-*@example.org news
                                        .example.org news ident
                                        *@example.com news
                                        *@example.org gone
                                        """)),
                        lines("127.0.0.1\n10.0.0.0/8\n"));
        assertThat(plan.keys())
                .extracting(it -> it.domain() + " " + it.selector() + " " + it.senders())
                .containsExactly(
                        "example.org mail []",
                        "example.org news [news-*@example.org, *@*.example.org]");
        assertThat(plan.results().stream().map(OpenDkimTablesTest::told))
                .satisfiesExactlyInAnyOrder(
                        it -> assertThat(it).startsWith("KEYS 4 DROPPED: a key for every domain"),
                        it -> assertThat(it).startsWith("KEYS 6 DROPPED: it is not of the form"),
                        it -> assertThat(it).startsWith("KEYS 7 DROPPED: there is a key of that"),
                        it -> assertThat(it).startsWith("KEYS 5 DROPPED: no line of the signing"),
                        it -> assertThat(it).isEqualTo("SIGNING 1 KEPT: "),
                        it -> assertThat(it).isEqualTo("SIGNING 2 KEPT: "),
                        it -> assertThat(it).startsWith("SIGNING 3 CHANGED: signatures have no"),
                        it -> assertThat(it).startsWith("SIGNING 4 DROPPED: the key is of"),
                        it -> assertThat(it).startsWith("SIGNING 5 DROPPED: it names no key"),
                        it -> assertThat(it).startsWith("HOSTS 1 CHANGED: "),
                        it -> assertThat(it).startsWith("HOSTS 2 DROPPED: "));
    }

    @Test
    void withoutASigningTableEachKeyIsForItsDomain() {
        Plan plan =
                OpenDkimTables.plan(List.of("a example.org:mail:/k"), Optional.empty(), List.of());
        assertThat(plan.keys()).singleElement().satisfies(it -> assertThat(it.senders()).isEmpty());
        assertThat(plan.results()).isEmpty();
    }

    @Test
    void nonsenseIsDropped() {
        Random random = new Random(11);
        String letters = "a*@.:%/# \t\u00e4-_x";
        for (int i = 0; i < 2_000; i++) {
            List<String> lines = new ArrayList<>();
            for (int j = 0; j < 5; j++) {
                StringBuilder line = new StringBuilder();
                for (int n = random.nextInt(30); n > 0; n--) {
                    line.append(letters.charAt(random.nextInt(letters.length())));
                }
                lines.add(line.toString());
            }
            lines.add("a example.org:mail:/k");
            Plan plan = OpenDkimTables.plan(lines, Optional.of(lines), lines);
            assertThat(plan.keys().size() + plan.results().size()).isPositive();
        }
    }
}
