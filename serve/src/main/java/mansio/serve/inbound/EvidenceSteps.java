package mansio.serve.inbound;

import mansio.codec.message.AddressList;
import mansio.codec.message.FromFinder;
import mansio.codec.message.FromResult;
import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.message.MessageIds;
import mansio.codec.message.NamedAddress;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.serve.checks.Findings;
import mansio.serve.inbound.Evidence.Author;
import mansio.state.directory.Directory;
import mansio.state.store.AccountId;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers the evidence about a message, in a fixed order. */
final class EvidenceSteps {
    private static final Set<String> MACHINES = Set.of("bulk", "list", "junk", "auto_reply");
    private static final int MAX_MESSAGE_ID = 900;

    private EvidenceSteps() {}

    /**
     * A message that has come.
     *
     * @param original as it came, when rules rewrote its header
     * @param findings of the checks, for mail that was checked
     */
    record Seen(
            ParsedMessage message, Optional<ParsedMessage> original, Optional<Findings> findings) {}

    /**
     * All steps, one behind the other.
     *
     * @throws IOException when one cannot tell
     */
    static Evidence gather(Inbound inbound, Transaction transaction, Seen seen) throws IOException {
        ParsedMessage message = seen.message();
        Optional<ParsedMessage> original = seen.original();
        int hops = message.header().count("Received");
        Set<Address> looping =
                Loops.found(inbound.returnPaths(), transaction.recipients(), message);
        Origin origin = transaction.origin();
        Directory directory = inbound.directory();
        Author author = author(directory::owns, origin, original.orElse(message));
        if (original.isPresent() && author instanceof Author.Clear) {
            author = author(afterRules(directory), origin, message);
        }
        Author named = author;
        List<Objection> objections =
                seen.findings()
                        .map(it -> Objections.of(inbound.settings().policy(), named, it))
                        .orElseGet(List::of);
        return new Evidence(
                hops,
                author,
                looping,
                seen.findings(),
                objections,
                from(message),
                isAutomatic(message));
    }

    /** Of a message from another server, as far as it can be had without the directory. */
    static Evidence ofOutside(InboundPolicy policy, ParsedMessage message, Findings findings)
            throws IOException {
        Author author = author((_, _) -> false, new Origin.Outside(), message);
        return new Evidence(
                message.header().count("Received"),
                author,
                Set.of(),
                Optional.of(findings),
                Objections.of(policy, author, findings),
                from(message),
                isAutomatic(message));
    }

    private static Optional<Address> from(ParsedMessage message) {
        return FromFinder.of(message) instanceof FromResult.One(Address author, var _)
                ? Optional.of(author)
                : Optional.empty();
    }

    /** RFC 3834 section 2, and what lists and older programs say. */
    private static boolean isAutomatic(ParsedMessage message) {
        Header header = message.header();
        String submitted = Ascii.lower(header.value("Auto-Submitted").orElse("no").strip());
        String precedence = Ascii.lower(header.value("Precedence").orElse("").strip());
        return !submitted.equals("no")
                || MACHINES.contains(precedence)
                || header.fields().stream()
                        .anyMatch(it -> Ascii.startsWithIgnoreCase(it.name(), "List-"));
    }

    /** Whose address it is. */
    @FunctionalInterface
    private interface Owners {
        boolean owns(AccountId account, Address address) throws IOException;
    }

    /**
     * A rule may lead to an address of another server: who wrote it answers for it. An address of
     * ours must be the account's after it too.
     */
    private static Owners afterRules(Directory directory) {
        return (account, address) ->
                address.domain().isEmpty()
                        || !directory.isLocal(address.domain().get())
                        || directory.owns(account, address);
    }

    /**
     * The Message-ID without angle brackets, for finding the message again; empty when it has none.
     */
    static String messageId(ParsedMessage message) {
        String id = MessageIds.first(message.header().value("Message-ID").orElse("")).orElse("");
        return id.length() > MAX_MESSAGE_ID ? id.substring(0, MAX_MESSAGE_ID) : id;
    }

    private static Author author(Owners owners, Origin origin, ParsedMessage message)
            throws IOException {
        return switch (FromFinder.of(message)) {
            case FromResult.Missing _ -> new Author.Missing();
            case FromResult.Ambiguous ambiguous -> severalOwned(owners, origin, ambiguous, message);
            case FromResult.One one -> owned(owners, origin, one.address(), message);
        };
    }

    /**
     * RFC 5322 section 3.6.2 allows several authors with a Sender; somebody who owns them all may
     * write so.
     */
    private static Author severalOwned(
            Owners owners, Origin origin, FromResult.Ambiguous from, ParsedMessage message)
            throws IOException {
        if (from.reason() != FromResult.Reason.SEVERAL_ADDRESSES
                || !(origin instanceof Origin.Submission by)) {
            return new Author.Unclear("From: " + from.reason());
        }
        HeaderField field = message.header().all("From").getFirst();
        Author authors = allOwned(owners, by.account(), field);
        return authors instanceof Author.Clear ? sender(owners, by.account(), message) : authors;
    }

    private static Author owned(Owners owners, Origin origin, Address from, ParsedMessage message)
            throws IOException {
        if (!(origin instanceof Origin.Submission by)) return new Author.Clear();
        if (!owners.owns(by.account(), from)) return new Author.Foreign(from.toString());
        return sender(owners, by.account(), message);
    }

    /** RFC 6409 section 8.1 lets us check Sender; every one of them must be the account's. */
    private static Author sender(Owners owners, AccountId account, ParsedMessage message)
            throws IOException {
        for (HeaderField field : message.header().all("Sender")) {
            Author named = allOwned(owners, account, field);
            if (!(named instanceof Author.Clear)) return named;
        }
        return new Author.Clear();
    }

    /** Clear when the field names addresses of the account and nothing besides. */
    private static Author allOwned(Owners owners, AccountId account, HeaderField field)
            throws IOException {
        AddressList list = AddressList.parse(field.unfolded());
        List<NamedAddress> mailboxes = list.mailboxes();
        if (list.truncated() || list.hasGroup() || mailboxes.isEmpty())
            return new Author.Unclear(field.name() + " is not an address");
        for (NamedAddress mailbox : mailboxes) {
            Optional<Address> address = mailbox.address();
            if (address.isEmpty() || !mailbox.oddities().isEmpty())
                return new Author.Unclear(field.name() + " is not an address");
            if (!owners.owns(account, address.get()))
                return new Author.Foreign(address.get().toString());
        }
        return new Author.Clear();
    }
}
