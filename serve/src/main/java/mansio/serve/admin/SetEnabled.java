package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code account enable} and {@code account disable}. */
public record SetEnabled(Address address, boolean enabled)
        implements Operation<SetEnabled.Changed> {
    /** How it is now. */
    public record Changed(ListAccounts.Facts account) implements Answer {
        @Override
        public List<String> lines() {
            String name = account.address().toDisplay();
            return List.of(
                    account.enabled()
                            ? name + " can log in."
                            : name
                                    + " cannot log in; its sessions end, its mail is still"
                                    + " received.");
        }
    }

    @Override
    public Outcome<Changed> run(Rooms rooms) throws IOException {
        return rooms.names()
                .editor()
                .setEnabled(address, enabled)
                .map(account -> new Changed(ListAccounts.Facts.of(account)));
    }
}
