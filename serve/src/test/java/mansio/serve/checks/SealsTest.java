package mansio.serve.checks;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.trust.arc.ArcResult;
import mansio.trust.arc.ArcResult.Hop;
import mansio.trust.arc.ArcState;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

class SealsTest {
    private static final Domain AUTHOR = Domain.parse("author.example");
    private static final Domain LIST = Domain.parse("list.example");
    private static final Domain OTHER = Domain.parse("other.example");
    private static final Set<Domain> TRUSTED = Set.of(LIST, Domain.parse("gate.example"));

    private static Hop hop(int instance, String domain, String dmarc) {
        String results = domain + "; dmarc=" + dmarc + " header.from=author.example";
        return new Hop(instance, Domain.parse(domain), results, true);
    }

    private static Optional<Domain> voucher(int oldestPass, Hop... newestFirst) {
        ArcResult chain = new ArcResult(ArcState.PASS, "", false, List.of(newestFirst), oldestPass);
        return Seals.voucher(chain, AUTHOR, TRUSTED);
    }

    @Test
    void aTrustedSealerVouchesForWhatItSaw() {
        assertThat(voucher(0, hop(1, "list.example", "pass"))).contains(LIST);
        assertThat(voucher(0, hop(1, "list.example", "fail"))).isEmpty();
        assertThat(voucher(0, hop(1, "other.example", "pass"))).isEmpty();
        Domain someone = Domain.parse("someone.example");
        ArcResult broken = new ArcResult(ArcState.FAIL, "", false, List.of(), 0);
        assertThat(Seals.voucher(broken, AUTHOR, TRUSTED)).isEmpty();
        ArcResult whole =
                new ArcResult(ArcState.PASS, "", false, List.of(hop(1, "list.example", "pass")), 0);
        assertThat(Seals.voucher(whole, someone, TRUSTED)).isEmpty();
    }

    @Test
    void aStrangerBehindItMustNotHaveChangedAnything() {
        Hop list = hop(1, "list.example", "pass");
        Hop stranger = hop(2, "other.example", "pass");
        assertThat(voucher(0, stranger, list)).contains(LIST);
        assertThat(voucher(2, stranger, list)).isEmpty();
        Hop third = hop(3, "third.example", "none");
        assertThat(voucher(0, third, stranger, list)).contains(LIST);
        assertThat(voucher(2, third, stranger, list)).isEmpty();
        assertThat(voucher(3, third, stranger, list)).isEmpty();
    }

    @Test
    void whatTrustedSealersChangedIsFine() {
        Hop list = hop(1, "list.example", "pass");
        Hop gate = hop(2, "gate.example", "fail");
        assertThat(voucher(2, gate, list)).contains(LIST);
        // The stranger left what the gate had changed as it was.
        assertThat(voucher(2, hop(3, "other.example", "none"), gate, list)).contains(LIST);
        assertThat(voucher(3, hop(3, "other.example", "none"), gate, list)).isEmpty();
        // Before the list came who it wants; the list saw the message as it was then.
        assertThat(voucher(2, hop(2, "list.example", "pass"), hop(1, "other.example", "none")))
                .contains(LIST);
    }

    @Test
    void aSealThatLeavesTheAuthorOpenVouchesForNobody() {
        String results = "list.example; dmarc=pass header.from=author.example";
        Hop open = new Hop(1, LIST, results, false);
        assertThat(voucher(0, open)).isEmpty();
        Hop above = new Hop(2, OTHER, "other.example; none", false);
        assertThat(voucher(0, above, hop(1, "list.example", "pass"))).isEmpty();
    }
}
