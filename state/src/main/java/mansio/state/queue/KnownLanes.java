package mansio.state.queue;

import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Site;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lanes with something in them, and the sites they lead to. What nothing is known of any more
 * is forgotten. Guarded by {@link Lanes}.
 */
final class KnownLanes {
    private final Map<Lane, LaneState> lanes = new LinkedHashMap<>();
    private final Map<String, SiteState> sites = new LinkedHashMap<>();

    Optional<LaneState> find(Lane lane) {
        return Optional.ofNullable(lanes.get(lane));
    }

    LaneState lane(Lane lane) {
        return lanes.computeIfAbsent(lane, LaneState::new);
    }

    /** Those of this moment. */
    List<LaneState> all() {
        return List.copyOf(lanes.values());
    }

    /** The site as the carrier has it now. */
    SiteState site(Site to, int most) {
        SiteState site = sites.computeIfAbsent(to.name(), _ -> new SiteState(to, most));
        site.site = to;
        site.setMost(most);
        return site;
    }

    /** The lane leads to that site from now on. */
    void moveTo(LaneState lane, SiteState site) {
        if (lane.site.equals(Optional.of(site))) return;
        lane.site.ifPresent(
                old -> {
                    old.lanes--;
                    if (old.gate.parked().remove(lane)) lane.inLine = false;
                    forgetIdle(old);
                });
        lane.site = Optional.of(site);
        site.lanes++;
    }

    void forgetIdle(LaneState lane) {
        if (!lane.isIdle() || !lane.equals(lanes.get(lane.lane))) return;
        lanes.remove(lane.lane);
        lane.site.ifPresent(
                site -> {
                    site.lanes--;
                    forgetIdle(site);
                });
        lane.site = Optional.empty();
    }

    void forgetIdle(SiteState site) {
        if (site.lanes == 0 && site.gate.inside() == 0) sites.remove(site.site.name());
    }
}
