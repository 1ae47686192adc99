package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Account;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code account list}, a page of it.
 *
 * @param domain only its accounts
 * @param skip how many were shown already
 */
public record ListAccounts(Optional<Domain> domain, int skip)
        implements Operation<ListAccounts.Accounts> {
    private static final int PAGE = 5_000;

    /**
     * One account.
     *
     * @param quotaBytes empty for the server's default
     */
    public record Facts(
            Address address, boolean enabled, OptionalLong quotaBytes, Instant created) {
        static Facts of(Account account) {
            return new Facts(
                    account.address(), account.enabled(), account.quotaBytes(), account.created());
        }
    }

    /**
     * Some of them, in order.
     *
     * @param more there are others behind these
     */
    public record Accounts(List<Facts> accounts, boolean more) implements Answer {
        public Accounts {
            accounts = List.copyOf(accounts);
        }

        /** These and those of the next page. */
        public Accounts with(Accounts next) {
            List<Facts> all = new ArrayList<>(accounts);
            all.addAll(next.accounts);
            return new Accounts(all, next.more);
        }

        @Override
        public List<String> lines() {
            if (accounts.isEmpty()) return List.of("There are no accounts yet.");
            return accounts.stream()
                    .map(it -> it.address().toDisplay() + (it.enabled() ? "" : "  (disabled)"))
                    .toList();
        }
    }

    @Override
    public Outcome<Accounts> run(Rooms rooms) throws IOException {
        if (domain.isPresent() && !rooms.names().directory().isLocal(domain.get())) {
            return rooms.names().editor().domain(domain.get()).map(_ -> none());
        }
        List<Account> all = rooms.names().editor().accounts(domain);
        List<Facts> page = all.stream().skip(skip).limit(PAGE).map(Facts::of).toList();
        return Outcome.done(new Accounts(page, all.size() > skip + page.size()));
    }

    private static Accounts none() {
        return new Accounts(List.of(), false);
    }
}
