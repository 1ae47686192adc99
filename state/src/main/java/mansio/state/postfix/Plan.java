package mansio.state.postfix;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.AliasInfo;
import mansio.state.rewrite.RewriteRule;

import java.util.List;

/** What a line of a table asks for, in our words. */
sealed interface Plan {
    /** An alias, perhaps without some of its targets. */
    record OneAlias(AliasInfo alias, List<String> notes) implements Plan {}

    /** All that nobody else of the domain gets. */
    record CatchAll(Domain domain, Address target, List<String> notes) implements Plan {}

    /** A domain with the addresses of another. */
    record DomainAlias(Domain domain, Domain other) implements Plan {}

    /** A domain that must be one of ours. */
    record OwnDomain(Domain domain) implements Plan {}

    /** A route, in the words of {@code mansio route add}. */
    record OneRoute(String pattern, String target, List<String> notes) implements Plan {}

    /** A rule by which addresses become others. */
    record OneRewrite(RewriteRule rule, List<String> notes) implements Plan {}

    /** Nothing. */
    record Dropped(String reason) implements Plan {}
}
