package mansio.state.mailbox;

import java.util.HashMap;
import java.util.Map;

/**
 * The state at the head of the writing: durable or on its way. Owned by whoever has the turn;
 * thrown away when a command fails.
 */
final class Head {
    /** Mailboxes whose ends are kept, in one account. */
    private static final int MAX_TAILS = 64;

    private final Catalog catalog;
    private final Map<Long, Tail> tails = new HashMap<>();

    Head(Catalog catalog) {
        this.catalog = catalog;
    }

    Catalog catalog() {
        return catalog;
    }

    Map<Long, Tail> tails() {
        if (tails.size() > MAX_TAILS) tails.clear();
        return tails;
    }
}
