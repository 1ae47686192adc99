package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be changed, and what is left as it is although it is not right. */
record Plan(List<Change> changes, List<Left> left) {
    Plan {
        changes = List.copyOf(changes);
        left = List.copyOf(left);
    }

    /** The changes of each zone, in their order. */
    Map<DnsName, List<Change>> zones() {
        Map<DnsName, List<Change>> zones = new LinkedHashMap<>();
        for (Change change : changes) {
            zones.computeIfAbsent(change.zone(), _ -> new ArrayList<>()).add(change);
        }
        return zones;
    }
}
