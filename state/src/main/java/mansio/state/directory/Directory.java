package mansio.state.directory;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Questions about names. Own local parts are compared in Normalization Form C with case folded;
 * those of other servers are never touched. Answers come from memory and always belong to one
 * version of the directory.
 *
 * <p>Safe for use by any thread. Every method throws IOException when it cannot tell: a temporary
 * failure, never a "no".
 */
public interface Directory {
    /**
     * The local part that the DMARC records of our domains name (rua). Every domain has it: mail
     * for it is the admin's, like that for postmaster.
     */
    String DMARC_REPORTS = "dmarc-reports";

    /**
     * Where mail for an address goes. A local part of ours is looked up exactly (accounts and
     * aliases), then without its subaddress detail, then as postmaster, abuse or another role,
     * which every domain has, then by a pattern, then as the domain's catch-all. An address literal
     * is never ours.
     */
    Route route(Address forwardPath) throws IOException;

    /**
     * Where {@code <postmaster>} without a domain goes (RFC 5321 section 4.1.1.3): to the
     * postmaster of the server.
     *
     * @param addressedTo stands in {@link Route.Target#addressedTo}, such as {@code postmaster@}
     *     the server's name
     */
    Route routePostmaster(Address addressedTo) throws IOException;

    /**
     * Who gets mail for an account of this domain that has vanished after its mail was accepted.
     */
    AccountId postmaster(Domain domain) throws IOException;

    /** True when mail for this domain ends here. */
    boolean isLocal(Domain domain) throws IOException;

    /** All our domains, in order. */
    List<Domain> domains() throws IOException;

    /** The account of that id; empty when it is gone. */
    Optional<Account> account(AccountId id) throws IOException;

    /**
     * True when the account may send as this address: its own addresses, aliases that lead to it
     * alone or among others, and subaddresses of both. A pattern or a catch-all does not make one
     * an owner of all it catches.
     */
    boolean owns(AccountId account, Address address) throws IOException;

    /**
     * True for an address of one account by its own name, with a detail or without. Those that
     * every domain has for its duties, postmaster and abuse, are none, whoever gets their mail.
     */
    boolean isAccountAddress(Address address) throws IOException;

    /**
     * True when somebody who logs in by this name becomes this account: for the authzid of SASL.
     */
    boolean isLoginName(AccountId account, String loginName) throws IOException;
}
