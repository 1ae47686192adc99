package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code account add}.
 *
 * @param password empty: one is made
 */
public record AddAccount(Address address, Optional<Secret> password)
        implements Operation<AddAccount.Added> {
    /**
     * It is there.
     *
     * @param password only when it was made here; it cannot be told again
     */
    public record Added(Address address, Optional<Secret> password) implements Answer {
        @Override
        public List<String> lines() {
            String done = "The account " + address.toDisplay() + " is added.";
            return password.map(made -> List.of(done, "Its password: " + made.text()))
                    .orElse(List.of(done));
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        Optional<Secret> made =
                password.isPresent()
                        ? Optional.empty()
                        : Optional.of(Secret.generate(rooms.random()));
        String text = password.or(() -> made).orElseThrow().text();
        return rooms.names()
                .editor()
                .addAccount(address, Optional.of(text))
                .map(account -> new Added(account.address(), made));
    }
}
