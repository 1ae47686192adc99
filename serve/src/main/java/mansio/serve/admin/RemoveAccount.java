package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Account;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code account remove}: the account and all its mail. */
public record RemoveAccount(Address address) implements Operation<RemoveAccount.Removed> {
    /**
     * Nobody can log in or be written to.
     *
     * @param mailErased false: the store failed behind the change of names; nobody can reach the
     *     mail, and the server's upkeep erases it
     */
    public record Removed(Address address, boolean mailErased) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(
                    "The account "
                            + address.toDisplay()
                            + (mailErased
                                    ? " and its mail are removed."
                                    : " is removed; its mail could not be erased from the disk"
                                            + " now, and the running server will do it within"
                                            + " hours."));
        }
    }

    /** The directory forgets it first, so that no new mail comes while the old one goes. */
    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        return rooms.names()
                .editor()
                .removeAccount(address)
                .map(account -> new Removed(account.address(), erased(account, rooms)));
    }

    private static boolean erased(Account account, Rooms rooms) {
        try {
            rooms.mail().accounts().erase(account.id());
            rooms.names().directory().erased(account.id());
            return true;
        } catch (IOException e) {
            return false; // Told in the answer, and noted in the directory.
        }
    }
}
