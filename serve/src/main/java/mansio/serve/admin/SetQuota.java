package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code account quota}.
 *
 * @param bytes for all its mail; empty for the server's default
 */
public record SetQuota(Address address, OptionalLong bytes) implements Operation<SetQuota.Changed> {
    /** How it is now. */
    public record Changed(ListAccounts.Facts account) implements Answer {
        @Override
        public List<String> lines() {
            String quota =
                    account.quotaBytes().isPresent()
                            ? account.quotaBytes().getAsLong() + " bytes"
                            : "as the server's default";
            return List.of("The quota of " + account.address().toDisplay() + " is " + quota + ".");
        }
    }

    @Override
    public Outcome<Changed> run(Rooms rooms) throws IOException {
        return rooms.names()
                .editor()
                .setQuota(address, bytes)
                .map(account -> new Changed(ListAccounts.Facts.of(account)));
    }
}
