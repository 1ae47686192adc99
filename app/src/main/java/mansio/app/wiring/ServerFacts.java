package mansio.app.wiring;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.listen.ListenAt;
import mansio.net.smtpclient.HostFinder.Families;
import mansio.net.tls.Certificates;
import mansio.serve.dropfolder.DropSettings;
import mansio.serve.inbound.Forwarding;
import mansio.serve.inbound.InboundPolicy;
import mansio.serve.inbound.ReflectorSettings;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.PasswordSettings;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.state.mailbox.QuotaLimit;
import mansio.state.queue.QueueSettings;
import mansio.state.route.OwnDoors;
import mansio.state.seal.KeyPlace;
import mansio.trust.dnsbl.BlockList;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a server is to be: the configuration, read and checked.
 *
 * @param hostname our name
 * @param folder the data folder
 * @param minFreeBytes below this free space nothing new is taken; negative for the usual rule
 * @param passwords how passwords are kept
 * @param forwarding what aliases may send on
 * @param checking how mail from other servers is checked and judged
 * @param drop where programs on this machine put their mail
 */
public record ServerFacts(
        Domain hostname,
        Path folder,
        long minFreeBytes,
        PasswordSettings passwords,
        Forwarding forwarding,
        Checking checking,
        Certificates certificates,
        List<Door> doors,
        Trust trust,
        Limits limits,
        KeyChoice key,
        Outgoing outgoing,
        Optional<DropSettings> drop,
        Signing signing,
        Reporting reporting) {

    /**
     * DMARC reports.
     *
     * @param send whether domains that ask for it get some
     * @param from whom they are from; empty for the usual address
     * @param address where reports about our domains come, besides the usual ones
     */
    public record Reporting(boolean send, Optional<Address> from, Optional<Address> address) {
        /** They are sent, and all addresses are the usual ones. */
        public static final Reporting USUAL =
                new Reporting(true, Optional.empty(), Optional.empty());

        /** None are sent. */
        static final Reporting NONE = new Reporting(false, Optional.empty(), Optional.empty());
    }

    /**
     * How what leaves is signed.
     *
     * @param rotateAfter the age at which keys are replaced by themselves
     */
    public record Signing(Publication publication, Optional<Duration> rotateAfter) {
        /** Keys sign when the DNS has them; they are replaced by hand. */
        public static final Signing USUAL = new Signing(Publication.REQUIRED, Optional.empty());
    }

    /**
     * How mail from other servers is checked.
     *
     * @param deadline the longest that all checks of one message take together
     * @param lists that are asked about senders
     * @param reflector the address that answers; empty for none
     */
    public record Checking(
            InboundPolicy policy,
            Duration deadline,
            List<BlockList> lists,
            Optional<ReflectorSettings> reflector) {
        /** Without a reflector. */
        public Checking(InboundPolicy policy, Duration deadline, List<BlockList> lists) {
            this(policy, deadline, lists, Optional.empty());
        }

        /** As it is where nothing is configured. */
        public static final Checking USUAL =
                new Checking(InboundPolicy.USUAL, Duration.ofSeconds(20), List.of());
    }

    /**
     * How mail leaves.
     *
     * @param port of hosts that the DNS names
     * @param allowed private addresses that the DNS may lead to
     */
    public record Outgoing(
            WithoutRoute withoutRoute,
            int port,
            Families families,
            Predicate<InetAddress> allowed,
            QueueSettings queue) {
        /** Nothing leaves without a route. */
        static final Outgoing HELD =
                new Outgoing(
                        WithoutRoute.HOLD,
                        25,
                        Families.IPV6_FIRST,
                        _ -> false,
                        QueueSettings.USUAL);
    }

    /**
     * Where the key for secrets is.
     *
     * @param said where it is said to be
     * @param usual where it is when nothing is said and it has not been used before
     */
    public record KeyChoice(Optional<KeyPlace> said, KeyPlace usual) {
        /** Beside the data folder. */
        static KeyChoice usual(Path folder) {
            return new KeyChoice(Optional.empty(), KeyPlace.beside(folder));
        }
    }

    /** Where no mail of ours may be sent to. */
    OwnDoors ownDoors() {
        return new OwnDoors(
                hostname,
                doors.stream()
                        .<SocketAddress>map(
                                door ->
                                        switch (door.at()) {
                                            case ListenAt.Tcp(var address) -> address;
                                            case ListenAt.Unix(var path, var _) ->
                                                    UnixDomainSocketAddress.of(
                                                            path.toAbsolutePath().normalize());
                                        })
                        .toList());
    }

    /** A protocol at an address. */
    public record Door(Protocol protocol, ListenAt at) {}

    /** What is spoken at a door. */
    public enum Protocol {
        SMTP,
        SUBMISSION,
        SUBMISSIONS,
        LMTP,
        IMAP,
        IMAPS
    }

    /**
     * Who may do what.
     *
     * @param networks whose hosts relay without log-in
     * @param plainLogin who may log in with a password outside of TLS
     */
    public record Trust(
            Predicate<InetAddress> networks, Predicate<InetAddress> plainLogin, Senders senders) {}

    /**
     * Bounds.
     *
     * @param maxMessageBytes of one message
     * @param maxConnections of one listener
     * @param maxConnectionsPerNetwork open at once, on port 25
     * @param maxNewConnectionsPerNetwork in a minute, on port 25
     * @param imap sessions of IMAP, on all listeners together
     * @param maxRecipients of one message
     * @param quotaBytes of an account that has no quota of its own; Long.MAX_VALUE for no bound
     * @param keepStories how long the story of a message is kept
     */
    public record Limits(
            long maxMessageBytes,
            int maxConnections,
            int maxConnectionsPerNetwork,
            int maxNewConnectionsPerNetwork,
            ImapConnections imap,
            int maxRecipients,
            long quotaBytes,
            Duration keepStories) {
        /** Of accounts that have no quota of their own. */
        QuotaLimit usualQuota() {
            return new QuotaLimit(quotaBytes, Long.MAX_VALUE);
        }
    }

    /**
     * Bounds on sessions of IMAP, open at once.
     *
     * @param connections in all
     * @param perNetwork from one network
     * @param perAccount of one account
     */
    public record ImapConnections(int connections, int perNetwork, int perAccount) {}
}
