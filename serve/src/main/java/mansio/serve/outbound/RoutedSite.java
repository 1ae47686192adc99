package mansio.serve.outbound;

import mansio.net.smtpclient.MailHost;
import mansio.state.queue.Carrier.Site;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.TlsMode;

import java.util.List;
import java.util.Optional;

/**
 * Hosts, and how they are reached.
 *
 * @param name the same for the same hosts reached in the same way
 * @param hosts in the order to try; those of equal preference in another order each time
 * @param route empty for what holds without a route
 * @param relay the relay whose hosts these are; empty for hosts that the DNS names
 */
record RoutedSite(
        String name,
        List<MailHost> hosts,
        Optional<RemoteRoute> route,
        Optional<Relay> relay,
        TlsMode tls)
        implements Site {
    RoutedSite {
        hosts = List.copyOf(hosts);
    }
}
