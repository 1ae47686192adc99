package mansio.state.dsn;

import mansio.codec.text.Address;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.queue.Recipient;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who gets what the server itself writes to an address. */
public final class Readers {
    private Readers() {}

    /** Empty when the address is one of ours that is gone. */
    public static List<Recipient> of(Directory directory, Address to) throws IOException {
        return switch (directory.route(to)) {
            case Route.Ours ours -> ours(to, ours);
            case Route.Remote _ -> List.of(Recipient.fresh(to, new Action.Relay()));
            case Route.NoSuchUser _, Route.Reflector _ -> List.of();
        };
    }

    private static List<Recipient> ours(Address to, Route.Ours route) {
        List<Recipient> recipients = new ArrayList<>();
        for (Route.Forward forward : route.forwards()) {
            recipients.add(Recipient.fresh(to, new Action.Forward(forward.to(), Optional.empty())));
        }
        for (Route.Target target : route.targets()) {
            Optional<String> detail = Optional.of(target.detail()).filter(it -> !it.isEmpty());
            recipients.add(
                    Recipient.fresh(
                            to,
                            new Action.Deliver(target.account(), detail, Action.Placing.INBOX)));
        }
        return recipients;
    }
}
