package mansio.state.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.state.directory.AliasEditor.Mode;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Rules: which one wins, what is kept, what is refused. */
class RewritesTest {
    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Partition partition = store.partition(PartitionId.DIRECTORY);
    private StoredDirectory directory;
    private Rewrites rules;

    @BeforeEach
    void open() throws IOException {
        directory = StoredDirectory.open(partition, time, new Random(8));
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(
                                new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, new Random(9)),
                        PasswordSettings.DEFAULT,
                        new Random(9));
        DirectoryEditor editor = new DirectoryEditor(directory, maker, time, new Random(10));
        assertThat(editor.addDomain(Domain.parse("own.example"))).isInstanceOf(Outcome.Done.class);
        assertThat(editor.setSeparators(Domain.parse("own.example"), "+-"))
                .isInstanceOf(Outcome.Done.class);
        rules = Rewrites.open(partition, directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static RewriteRule rule(
            RewriteKind kind, String pattern, RewriteSide side, String target) {
        return new RewriteRule(
                kind,
                RewritePattern.parse(pattern).orElseThrow(),
                side,
                RewriteTarget.parse(target).orElseThrow());
    }

    private void add(String pattern, RewriteSide side, String target) throws IOException {
        assertThat(rules.add(rule(RewriteKind.CANONICAL, pattern, side, target)))
                .isInstanceOf(Outcome.Done.class);
    }

    private String mapped(String address, Side side) throws IOException {
        return rules.map(RewriteKind.CANONICAL, Address.parse(address), side)
                .map(Address::toString)
                .orElse("stays");
    }

    @ParameterizedTest
    @CsvSource({
        "ann@own.example, whole@x.example",
        "ANN@OWN.example, whole@x.example",
        "ann+a@own.example, detail@x.example",
        "ann+b@own.example, whole+b@x.example",
        "ann-b+c@own.example, whole-b+c@x.example",
        "bob@own.example, local@x.example",
        "bob+b@own.example, local+b@x.example",
        "bob@other.example, bob@new.example",
        "Bob+b@other.example, Bob+b@new.example",
        "bob@third.example, stays",
        "cyd@own.example, all@x.example",
        "cyd+d@own.example, all@x.example",
        "kept@own.example, stays",
        "kept+x@own.example, stays",
        "ann-b@other.example, ann-b@new.example",
        "ann@[192.0.2.1], stays",
        "one@chain.example, two@chain.example",
    })
    void theMostSpecialRuleWins(String address, String expected) throws IOException {
        add("ann@own.example", RewriteSide.BOTH, "whole@x.example");
        add("ann+a@own.example", RewriteSide.BOTH, "detail@x.example");
        add("bob", RewriteSide.BOTH, "local@x.example");
        add("@own.example", RewriteSide.BOTH, "all@x.example");
        add("@other.example", RewriteSide.BOTH, "@new.example");
        add("kept@own.example", RewriteSide.BOTH, "kept@own.example");
        add("one@chain.example", RewriteSide.BOTH, "two@chain.example");
        add("two@chain.example", RewriteSide.BOTH, "three@chain.example");
        assertThat(mapped(address, Side.SENDER)).isEqualTo(expected);
        assertThat(mapped(address, Side.RECIPIENT)).isEqualTo(expected);
        assertThat(rules.map(RewriteKind.GENERIC, Address.parse(address), Side.SENDER)).isEmpty();
    }

    @Test
    void aSideHasRulesOfItsOwn() throws IOException {
        add("ann@own.example", RewriteSide.BOTH, "both@x.example");
        add("ann@own.example", RewriteSide.SENDER, "sender@x.example");
        add("bob@own.example", RewriteSide.RECIPIENT, "recipient@x.example");
        assertThat(mapped("ann@own.example", Side.SENDER)).isEqualTo("sender@x.example");
        assertThat(mapped("ann@own.example", Side.RECIPIENT)).isEqualTo("both@x.example");
        assertThat(mapped("bob@own.example", Side.SENDER)).isEqualTo("stays");
        assertThat(mapped("bob@own.example", Side.RECIPIENT)).isEqualTo("recipient@x.example");
    }

    @ParameterizedTest
    @CsvSource({
        "ann@own.example, true",
        "ann+a@own.example, true",
        "to@own.example, true",
        "TO+d@own.example, true",
        "any@into.example, true",
        "bob@own.example, false",
        "back@own.example, false",
        "ann@other.example, false",
        "ann@[192.0.2.1], false",
    })
    void whoMayLeaveAsAnother(String address, boolean touched) throws IOException {
        add("ann@own.example", RewriteSide.SENDER, "x@x.example");
        add("@a.example", RewriteSide.BOTH, "to@own.example");
        add("@b.example", RewriteSide.SENDER, "@into.example");
        add("y@y.example", RewriteSide.RECIPIENT, "back@own.example");
        assertThat(rules.touchesSender(RewriteKind.CANONICAL, Address.parse(address)))
                .isEqualTo(touched);
        assertThat(rules.touchesSender(RewriteKind.GENERIC, Address.parse(address))).isFalse();
    }

    @Test
    void rulesAreKept() throws IOException {
        add("\"a@b\"@own.example", RewriteSide.SENDER, "x@x.example");
        add("@own.example", RewriteSide.BOTH, "@x.example");
        assertThat(rules.add(rule(RewriteKind.GENERIC, "ann", RewriteSide.BOTH, "y@x.example")))
                .isInstanceOf(Outcome.Done.class);
        Rewrites again = Rewrites.open(partition, directory);
        assertThat(again.all()).isEqualTo(rules.all()).hasSize(3);
        assertThat(again.any(RewriteKind.GENERIC)).isTrue();
        RewriteRule.Name name =
                rule(RewriteKind.GENERIC, "ANN", RewriteSide.BOTH, "y@x.example").name();
        assertThat(again.remove(name)).isInstanceOf(Outcome.Done.class);
        assertThat(again.any(RewriteKind.GENERIC)).isFalse();
        assertThat(again.remove(name).toString()).contains("there is no generic rule for ANN");
        assertThat(Rewrites.open(partition, directory).all()).hasSize(2);
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        add("ann", RewriteSide.BOTH, "x@x.example");
        List<Outcome<RewriteRule>> outcomes =
                rules.addAll(
                        List.of(
                                rule(RewriteKind.CANONICAL, "Ann", RewriteSide.BOTH, "@y.example"),
                                rule(RewriteKind.GENERIC, "b", RewriteSide.BOTH, "@y.example"),
                                rule(RewriteKind.GENERIC, "B", RewriteSide.BOTH, "@y.example"),
                                rule(
                                        RewriteKind.GENERIC,
                                        "c",
                                        RewriteSide.BOTH,
                                        "\u00e4@y.example")),
                        Mode.DRY_RUN);
        assertThat(outcomes.stream().map(it -> it instanceof Outcome.Done))
                .containsExactly(false, true, false, false);
        assertThat(rules.all()).hasSize(1);
        for (String text : List.of("", "@", "a b", "x@", "@x y", "a@[192.0.2.1]")) {
            assertThat(RewritePattern.parse(text)).as(text).isEmpty();
            assertThat(RewriteTarget.parse(text)).as(text).isEmpty();
        }
        assertThat(RewriteTarget.parse("ann")).isEqualTo(Optional.empty());
    }

    @Test
    void thereIsABoundOnTheirNumber() throws IOException {
        int added = 0;
        for (int round = 0; added < Rewrites.MAX_RULES; round++) {
            List<RewriteRule> some = new ArrayList<>();
            for (int i = 0; i < Rewrites.MAX_AT_ONCE; i++) {
                String name = "u" + round + "x" + i;
                some.add(rule(RewriteKind.CANONICAL, name, RewriteSide.BOTH, "x@x.example"));
            }
            rules.addAll(some, Mode.APPLY);
            added += some.size();
        }
        assertThat(rules.add(rule(RewriteKind.CANONICAL, "more", RewriteSide.BOTH, "x@x.example")))
                .isInstanceOf(Outcome.Refused.class);
    }
}
