package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code account password}: ends the account's sessions too.
 *
 * @param password empty: one is made
 */
public record SetPassword(Address address, Optional<Secret> password)
        implements Operation<SetPassword.Changed> {
    /**
     * It holds from now on.
     *
     * @param password only when it was made here; it cannot be told again
     */
    public record Changed(Address address, Optional<Secret> password) implements Answer {
        @Override
        public List<String> lines() {
            String done = "The password of " + address.toDisplay() + " is changed.";
            return password.map(made -> List.of(done, "It is now: " + made.text()))
                    .orElse(List.of(done));
        }
    }

    @Override
    public Outcome<Changed> run(Rooms rooms) throws IOException {
        Optional<Secret> made =
                password.isPresent()
                        ? Optional.empty()
                        : Optional.of(Secret.generate(rooms.random()));
        String text = password.or(() -> made).orElseThrow().text();
        return rooms.names()
                .editor()
                .setPassword(address, text)
                .map(account -> new Changed(account.address(), made));
    }
}
