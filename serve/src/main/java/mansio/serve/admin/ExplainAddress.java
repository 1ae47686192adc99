package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Explanation;
import mansio.state.directory.Outcome;
import mansio.state.directory.Route;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code explain-address}: where mail for an address goes, and why. */
public record ExplainAddress(Address address) implements Operation<ExplainAddress.Answered> {
    /** What would happen. */
    public enum Fate {
        /** It is delivered here, or forwarded, or both. */
        LOCAL,
        /** It is another server's. */
        REMOTE,
        /** It is refused: 550 5.1.1. */
        NO_SUCH_USER,
        /** It is put off: 451. */
        CANNOT_TELL
    }

    /**
     * An account that gets it.
     *
     * @param detail the subaddress detail; may be empty
     */
    public record To(Address account, String detail) {}

    /**
     * An address of another server that gets it.
     *
     * @param by the domain of ours that leads there
     */
    public record Forwarded(Address to, Domain by) {}

    /**
     * The answer.
     *
     * @param steps each look-up, in order
     * @param accounts who gets it, when it is local
     * @param forwards what other servers get of it
     * @param trouble why it cannot be told; else empty
     */
    public record Answered(
            Address address,
            Fate fate,
            List<Explanation.Step> steps,
            List<To> accounts,
            List<Forwarded> forwards,
            String trouble)
            implements Answer {
        public Answered {
            steps = List.copyOf(steps);
            accounts = List.copyOf(accounts);
            forwards = List.copyOf(forwards);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (Explanation.Step step : steps) {
                lines.add(
                        "  %-10s %s: %s"
                                .formatted(
                                        step.rule(), step.address().toDisplay(), step.outcome()));
            }
            lines.add("Mail for " + address.toDisplay() + " " + verdict());
            for (To to : accounts) {
                String detail = to.detail.isEmpty() ? "" : " (detail " + to.detail + ")";
                lines.add("  " + to.account.toDisplay() + detail);
            }
            for (Forwarded forward : forwards) {
                lines.add("  " + forward.to.toDisplay() + " (another server)");
            }
            return lines;
        }

        private String verdict() {
            return switch (fate) {
                case LOCAL -> "goes to:";
                case REMOTE -> "goes to another server: its domain is none of ours.";
                case NO_SUCH_USER -> "is refused: nobody here has that address.";
                case CANNOT_TELL -> "is put off: " + trouble + ".";
            };
        }

        @Override
        public boolean satisfied() {
            return fate == Fate.LOCAL || fate == Fate.REMOTE;
        }
    }

    @Override
    public Outcome<Answered> run(Rooms rooms) throws IOException {
        Explanation why = rooms.names().directory().explain(address);
        Fate fate =
                why.route()
                        .map(
                                route ->
                                        switch (route) {
                                            case Route.Ours _ -> Fate.LOCAL;
                                            case Route.Remote _ -> Fate.REMOTE;
                                            case Route.NoSuchUser _, Route.Reflector _ ->
                                                    Fate.NO_SUCH_USER;
                                        })
                        .orElse(Fate.CANNOT_TELL);
        List<To> accounts = new ArrayList<>();
        List<Forwarded> forwards = new ArrayList<>();
        if (why.route().orElse(null)
                instanceof Route.Ours(List<Route.Target> targets, List<Route.Forward> elsewhere)) {
            elsewhere.forEach(it -> forwards.add(new Forwarded(it.to(), it.by())));
            for (Route.Target target : targets) {
                Address account =
                        rooms.names()
                                .directory()
                                .account(target.account())
                                .map(it -> it.address())
                                .orElse(target.finalAddress());
                accounts.add(new To(account, target.detail()));
            }
        }
        return Outcome.done(
                new Answered(address, fate, why.steps(), accounts, forwards, why.trouble()));
    }
}
