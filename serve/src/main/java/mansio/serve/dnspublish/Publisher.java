package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.TsigKey;
import mansio.net.dns.UpdateClient;
import mansio.net.dns.UpdateClient.Place;
import mansio.net.dns.UpdateResult;
import mansio.net.dns.UpdateResult.Broken;
import mansio.serve.dnscheck.DnsCheck;
import mansio.serve.dnscheck.DnsCheck.Expected;
import mansio.serve.dnscheck.DnsCheck.Judged;
import mansio.serve.dnscheck.Item;
import mansio.serve.dnspublish.Published.State;
import mansio.serve.dnspublish.Published.Zone;
import mansio.serve.dnspublish.Reading.Doubt;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Publishes the records of a server and its domains at one server of the DNS: looks, sends one
 * update for each zone, and looks again. Nothing is thrown for what happens on the network. Used by
 * one thread at a time; it blocks.
 */
public final class Publisher {
    /** For one update, which a server may write to its disk first. */
    private static final Duration UPDATE_PATIENCE = Duration.ofSeconds(30);

    /** Looks: the second one knows what the first took wrongly, or what changed meanwhile. */
    private static final int ROUNDS = 2;

    private final DnsCheck.World world;
    private final UpdateClient client;

    /**
     * @param world its authority is the same server as the client's
     */
    public Publisher(DnsCheck.World world, UpdateClient client) {
        this.world = world;
        this.client = client;
    }

    /** What is to be published, and how far that may go. */
    public record Request(Expected expected, Set<Permission> permissions) {
        public Request {
            permissions = Set.copyOf(permissions);
        }
    }

    /** What was seen, and what follows. */
    private record Look(Plan plan, List<Item> items) {}

    /** Changes nothing, and says what would be changed. */
    public Published plan(Request request) {
        Look look = look(request, Set.of());
        List<Zone> zones =
                look.plan().zones().entrySet().stream()
                        .map(it -> new Zone(it.getKey(), State.PLANNED, "", it.getValue()))
                        .toList();
        return new Published(zones, look.plan().left(), look.items());
    }

    /** Changes what is to be changed. */
    public Published publish(Request request, TsigKey key) {
        Map<DnsName, Zone> zones = new LinkedHashMap<>();
        Set<Doubt> doubts = EnumSet.noneOf(Doubt.class);
        boolean again = true;
        for (int round = 0; again && round < ROUNDS; round++) {
            Look look = look(request, doubts);
            // What somebody else has put right meanwhile is no change of ours.
            zones.values().removeIf(it -> it.state() == State.OUTDATED);
            again = false;
            for (Map.Entry<DnsName, List<Change>> zone : look.plan().zones().entrySet()) {
                Zone before = zones.get(zone.getKey());
                if (before != null) continue; // Only what was outdated is tried again.
                UpdateResult result =
                        client.send(
                                Change.update(zone.getKey(), zone.getValue()),
                                key,
                                world.time().deadline(UPDATE_PATIENCE));
                zones.put(zone.getKey(), outcome(zone.getKey(), zone.getValue(), result));
                if (result instanceof UpdateResult.Outdated(Broken condition)) {
                    again = true;
                    if (condition == Broken.NAME_NOT_IN_USE) {
                        doubts.add(Doubt.NAMES_ARE_NOT_IN_USE);
                    } else if (condition == Broken.SET_IS_THERE) {
                        doubts.add(Doubt.RECORDS_ARE_OWN);
                    }
                }
            }
        }
        Look after = look(request, doubts);
        return new Published(List.copyOf(zones.values()), after.plan().left(), after.items());
    }

    private static Zone outcome(DnsName zone, List<Change> changes, UpdateResult result) {
        return switch (result) {
            case UpdateResult.Done() -> new Zone(zone, State.PUBLISHED, "", changes);
            case UpdateResult.Refused(var _, String sentence) ->
                    new Zone(zone, State.REFUSED, sentence, changes);
            case UpdateResult.Unknown(String reason) ->
                    new Zone(zone, State.UNKNOWN, reason, changes);
            case UpdateResult.Outdated(Broken condition) ->
                    new Zone(zone, State.OUTDATED, words(condition), changes);
        };
    }

    private static String words(Broken condition) {
        String what =
                switch (condition) {
                    case SET_DIFFERS ->
                            "NXRRSET: records of the zone are not those that the server shows";
                    case SET_IS_THERE -> "YXRRSET: there are records that the server did not show";
                    case NAME_NOT_IN_USE -> "NXDOMAIN: a name has no records of its own";
                    case NAME_IN_USE -> "YXDOMAIN: a name has records that it did not show";
                };
        return what + "; somebody changed them, or others are shown to others; nothing was changed";
    }

    private Look look(Request request, Set<Doubt> doubts) {
        long deadline = world.time().deadline(DnsCheck.patience(request.expected()));
        Reading reading = new Reading(client, world.authority(), deadline, doubts);
        request.expected().records().stream()
                .filter(Planner::isOurs)
                .forEach(it -> reading.place(DnsName.parse(it.name())));
        List<Judged> judged =
                new DnsCheck(world).records(request.expected(), reading.view(world.resolver()));
        Plan plan = Planner.of(judged, reading, request.permissions());
        List<Item> items =
                judged.stream()
                        .filter(it -> Planner.isOurs(it.record()))
                        .filter(
                                it ->
                                        reading.place(DnsName.parse(it.record().name()))
                                                instanceof Place.In)
                        .map(Judged::item)
                        .toList();
        return new Look(plan, items);
    }
}
