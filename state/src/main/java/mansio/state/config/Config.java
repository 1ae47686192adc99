package mansio.state.config;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.listen.ListenAt;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The configuration file. This tree of records is its schema: {@link ConfigFile} reads it, {@link
 * Reference} prints it. Domains, accounts and aliases are not here; they are changed live ({@code
 * mansio domain}, {@code account}, {@code alias}).
 */
public record Config(
        @Entry(
                        about =
                                "What the server calls itself in greetings, Received fields and"
                                    + " Message-IDs. It should be the name that the MX records and"
                                    + " the reverse DNS of its address give.",
                        required = true)
                Domain hostname,
        @Entry(about = "The data folder. `--data` and `MANSIO_DATA` win over it.")
                Optional<Path> data,
        @Entry(about = "The least important lines that are still logged.", usual = "info")
                LogLevel logLevel,
        @Entry(about = "Where connections are taken. `[]` switches a protocol off.") Listen listen,
        @Entry(
                        about =
                                "A certificate and its key; one table for each. The first is the"
                                    + " default. The names that each is for are read from it. Files"
                                    + " are read again when they change.")
                List<Certificate> certificate,
        @Entry(about = "What networks may do.") Networks networks,
        @Entry(about = "Bounds on what peers may use.") Limits limits,
        @Entry(about = "How names are looked up.") Dns dns,
        @Entry(about = "How passwords are checked and kept.") Passwords passwords,
        @Entry(about = "What accounts may use.") Mailbox mailbox,
        @Entry(
                        about =
                                "How mail from other servers is checked, and what becomes of what"
                                        + " fails (docs/design/trust.md).")
                Checks checks,
        @Entry(
                        about =
                                "A list of addresses or domains that is asked about senders (RFC"
                                        + " 5782); one table for each. Read its terms of use first:"
                                        + " many refuse to answer public resolvers.")
                List<Blocklist> blocklist,
        @Entry(
                        about =
                                "An address of each domain of ours that answers mail of other"
                                    + " servers with what was found about it: SPF, DKIM, DMARC,"
                                    + " ARC, TLS, reverse DNS. Only when nobody has that address,"
                                    + " and only to authors and senders who pass SPF or DKIM.")
                Reflector reflector,
        @Entry(about = "What aliases may send on to other servers.") Forward forward,
        @Entry(about = "How things are kept.") Store store,
        @Entry(
                        about =
                                "How mail leaves for other servers. Relay hosts and what goes by"
                                        + " them: `mansio route`.")
                Outgoing outgoing,
        @Entry(about = "How what leaves is signed. The keys: `mansio dkim`.") Dkim dkim,
        @Entry(
                        about =
                                "DMARC reports to others, and others' about our domains (`mansio"
                                        + " dmarc report`).")
                Dmarc dmarc,
        @Entry(about = "How secrets are kept that the server must read again.") Secrets secrets,
        @Entry(
                        about =
                                "Mail of programs on this machine, handed over by `sendmail`"
                                        + " (docs/design/sendmail.md).")
                Sendmail sendmail) {

    /** Where connections are taken, a list for each protocol. */
    public record Listen(
            @Entry(about = "Mail from other servers, with STARTTLS (RFC 5321).", usual = "*:25")
                    List<ListenAt> smtp,
            @Entry(
                            about = "Mail from clients that log in, with STARTTLS (RFC 6409).",
                            usual = "*:587")
                    List<ListenAt> submission,
            @Entry(
                            about =
                                    "Mail from clients that log in, under TLS from the first byte"
                                            + " (RFC 8314).",
                            usual = "*:465")
                    List<ListenAt> submissions,
            @Entry(
                            about =
                                    "Mail for local recipients from a program that is trusted (RFC"
                                            + " 2033): a loopback address or a Unix-domain socket.",
                            usual = {})
                    List<ListenAt> lmtp,
            @Entry(about = "Reading mail, with STARTTLS (RFC 9051).", usual = "*:143")
                    List<ListenAt> imap,
            @Entry(
                            about = "Reading mail, under TLS from the first byte (RFC 8314).",
                            usual = "*:993")
                    List<ListenAt> imaps) {}

    /** A certificate and its key. */
    public record Certificate(
            @Entry(
                            about = "A PEM file: the certificate, then the intermediate ones.",
                            required = true)
                    Path chain,
            @Entry(
                            about =
                                    "A PEM file: the private key, without pass phrase, readable by"
                                            + " its owner only.",
                            required = true)
                    Path key) {}

    /** What networks may do. */
    public record Networks(
            @Entry(
                            about =
                                    "Hosts that may send to anywhere without log-in, and that know"
                                        + " no limits for each network and no delays after failed"
                                        + " log-ins. Leave it empty unless you know each of them.",
                            usual = {})
                    List<Network> trusted,
            @Entry(
                            about = "Hosts that may send their password outside of TLS.",
                            usual = {})
                    List<Network> plainLogin) {}

    /** Bounds on what peers may use. */
    public record Limits(
            @Entry(about = "The longest message that is taken.", usual = "50 MiB", min = 65_536)
                    ByteSize messageSize,
            @Entry(
                            about = "Connections of one listener.",
                            usual = "20000",
                            min = 1,
                            max = 1_000_000)
                    int connections,
            @Entry(
                            about =
                                    "Open SMTP connections of one network: an IPv4 address or an"
                                            + " IPv6 /64.",
                            usual = "50",
                            min = 1,
                            max = 1_000_000)
                    int connectionsPerNetwork,
            @Entry(
                            about = "New SMTP connections of one network within a minute.",
                            usual = "300",
                            min = 1,
                            max = 1_000_000)
                    int newConnectionsPerNetwork,
            @Entry(
                            about = "Open IMAP connections in all.",
                            usual = "10000",
                            min = 1,
                            max = 1_000_000)
                    int imapConnections,
            @Entry(
                            about = "Open IMAP connections of one network.",
                            usual = "100",
                            min = 1,
                            max = 1_000_000)
                    int imapConnectionsPerNetwork,
            @Entry(
                            about = "Open IMAP connections that are logged in to one account.",
                            usual = "50",
                            min = 1,
                            max = 1_000_000)
                    int imapConnectionsPerAccount,
            @Entry(
                            about = "Recipients of one message (RFC 5321 wants at least 100).",
                            usual = "1000",
                            min = 100,
                            max = 1_000)
                    int recipients) {}

    /** How names are looked up. */
    public record Dns(
            @Entry(
                            about =
                                    "The resolvers that are asked, in this order; best one that"
                                        + " checks DNSSEC, on this host. Without any: those of"
                                        + " /etc/resolv.conf, which is read again when it changes.",
                            usual = {})
                    List<InetSocketAddress> servers,
            @Entry(
                            about =
                                    "How long one resolver is waited for before the next is asked."
                                            + " Without it: what /etc/resolv.conf says when its"
                                            + " resolvers are used, else 5 s.",
                            min = 1,
                            max = 60)
                    Optional<Duration> timeout,
            @Entry(
                            about =
                                    "Who checks DNSSEC, as DANE needs it. `validate`: we do, and"
                                        + " where signatures are wrong or kept back the look-up"
                                        + " fails. `auto`: the same once the resolvers have shown"
                                        + " that they hand signatures on; before, answers count as"
                                        + " not signed, unless the resolvers are those of"
                                        + " /etc/resolv.conf, all on this host, and its option"
                                        + " `trust-ad` is set. `trust-ad`: the resolvers do, and"
                                        + " nobody can get between them and us: their AD bit"
                                        + " counts. `off`: nobody; no answer counts as signed.",
                            usual = "auto")
                    Dnssec dnssec,
            @Entry(
                            about = "Memory for answers, about.",
                            usual = "16 MiB",
                            min = 65_536,
                            max = 1_073_741_824)
                    ByteSize cache,
            @Entry(
                            about =
                                    "Whether names are looked up without a resolver, from the root"
                                        + " down. `servers` are then those of the root, and without"
                                        + " any those of the world; `auto` and `trust-ad` mean"
                                        + " `validate`. It takes a way to port 53 of any host.",
                            usual = "false")
                    boolean recursion) {}

    /** Who checks the signatures of the DNS. */
    public enum Dnssec {
        AUTO,
        VALIDATE,
        TRUST_AD,
        OFF
    }

    /** How passwords are checked and kept. */
    public record Passwords(
            @Entry(
                            about = "Characters that a new password has at least.",
                            usual = "8",
                            min = 1,
                            max = 128)
                    int minLength,
            @Entry(
                            about =
                                    "When SCRAM is offered: `when-all-have-keys` of the enabled"
                                        + " accounts, because a client that picks it and fails may"
                                        + " not try PLAIN; `always`; or `never`, and then no keys"
                                        + " are made, which are quicker to guess for somebody who"
                                        + " steals the store than the hashes beside them.",
                            usual = "when-all-have-keys")
                    ScramOffer scram,
            @Entry(
                            about =
                                    "Iterations of SCRAM keys; clients compute as many at each"
                                            + " log-in.",
                            usual = "10000",
                            min = 4_096,
                            max = 1_000_000)
                    int scramIterations,
            @Entry(
                            about =
                                    "What becomes of an imported hash at its owner's first log-in:"
                                        + " `rehash`, or `keep` for measurements that want cheap"
                                        + " ones.",
                            usual = "rehash")
                    Imported imported) {}

    /** When SCRAM is offered. */
    public enum ScramOffer {
        WHEN_ALL_HAVE_KEYS,
        ALWAYS,
        NEVER
    }

    /** What becomes of imported hashes. */
    public enum Imported {
        REHASH,
        KEEP
    }

    /** What accounts may use. */
    public record Mailbox(
            @Entry(
                            about =
                                    "Mail of one account that has no quota of its own (`mansio"
                                            + " account quota`). Without it there is no bound.")
                    Optional<ByteSize> quota,
            @Entry(
                            about =
                                    "With which addresses an account may send: its `own`, or"
                                            + " `any`.",
                            usual = "own")
                    Senders senders) {}

    /** With which addresses an account may send. */
    public enum Senders {
        OWN,
        ANY
    }

    /** How mail from other servers is checked. */
    public record Checks(
            @Entry(
                            about =
                                    "What becomes of a message that fails DMARC (RFC 9989):"
                                        + " `enforce` what the owner of the domain asks for, `junk`"
                                        + " at most, or `note` it only.",
                            usual = "enforce")
                    DmarcAction dmarc,
            @Entry(
                            about =
                                    "What becomes of a message whose sender's domain says that the"
                                        + " host may not send for it (SPF `fail`, RFC 7208), when"
                                        + " no signature of the author's domain holds and the"
                                        + " domain has no DMARC record.",
                            usual = "junk")
                    Measure spfFail,
            @Entry(
                            about =
                                    "What becomes of a message from a host without a name, or with"
                                            + " one that does not lead back to its address.",
                            usual = "note")
                    Measure reverseName,
            @Entry(
                            about =
                                    "What becomes of a message whose From field is missing or can"
                                            + " be read in two ways.",
                            usual = "refuse")
                    Measure unclearFrom,
            @Entry(
                            about =
                                    "What is done when the DNS cannot tell now and the answer would"
                                        + " matter: `defer` (451, the other server comes again), or"
                                        + " `accept` as not authenticated.",
                            usual = "defer")
                    Temporary temporary,
            @Entry(
                            about = "The longest that all checks of a message take together.",
                            usual = "20 s",
                            min = 1,
                            max = 120)
                    Duration deadline,
            @Entry(
                            about =
                                    "Domains whose seal (ARC, RFC 8617) is believed when it says"
                                        + " that a message was authentic before it was forwarded:"
                                        + " such mail is not refused for DMARC.",
                            usual = {})
                    List<Domain> trustedSealers,
            @Entry(
                            about =
                                    "Hosts whose mail is checked and noted, and neither refused nor"
                                        + " put into Junk for it: forwarders of our own, a backup"
                                        + " MX.",
                            usual = {})
                    List<Network> exempt,
            @Entry(
                            about = "A message whose block lists weigh this much goes to Junk.",
                            usual = "5",
                            min = 1,
                            max = 1_000)
                    int junkWeight,
            @Entry(
                            about = "A message whose block lists weigh this much is refused.",
                            usual = "10",
                            min = 1,
                            max = 1_000)
                    int refuseWeight) {}

    /** What becomes of a message that fails DMARC. */
    public enum DmarcAction {
        ENFORCE,
        JUNK,
        NOTE
    }

    /** What becomes of a message that fails a check. */
    public enum Measure {
        NOTE,
        JUNK,
        REFUSE
    }

    /** What is done when the DNS cannot tell now. */
    public enum Temporary {
        DEFER,
        ACCEPT
    }

    /** A list that is asked about senders. */
    public record Blocklist(
            @Entry(about = "Where it is asked, such as zen.example.org.", required = true)
                    Domain zone,
            @Entry(
                            about =
                                    "What is looked up: the `address` of the host, or the `domain`"
                                            + " names of the sender, the author and the host.",
                            usual = "address")
                    ListOf of,
            @Entry(
                            about =
                                    "Answers that count: 127.0.0.2, 127.0.0.4-7, 127.0.1.0/24, or"
                                        + " with bits of the last number, 127.0.0.0/24&8. Without"
                                        + " any: all within 127.0.0.0/8. Answers within"
                                        + " 127.255.255.0/24 are errors and never count.",
                            usual = {})
                    List<String> answers,
            @Entry(
                            about =
                                    "What a listing does: its weight is added (`weigh`); or by"
                                            + " itself `note`, `junk`, `refuse`; or `trust`: no"
                                            + " other listing counts.",
                            usual = "weigh")
                    ListAction action,
            @Entry(
                            about = "What it weighs; below zero for a list of good senders.",
                            usual = "5",
                            min = -1_000,
                            max = 1_000)
                    int weight) {}

    /** What a list is of. */
    public enum ListOf {
        ADDRESS,
        DOMAIN
    }

    /** What a listing does. */
    public enum ListAction {
        WEIGH,
        NOTE,
        JUNK,
        REFUSE,
        TRUST
    }

    /** What aliases may send on to other servers. */
    public record Forward(
            @Entry(
                            about =
                                    "Mail that came from another server and goes on to another when"
                                        + " an alias leads there: `never`; `authenticated`, when"
                                        + " SPF or a signature of the author's domain says who sent"
                                        + " it; or `always`. Otherwise an alias with targets"
                                        + " elsewhere only refuses it. Junk is never forwarded.",
                            usual = "authenticated")
                    OutsideForward outside,
            @Entry(
                            about =
                                    "Mail of own senders leaves with a signed reverse-path (BATV,"
                                        + " `prvs=`), and bounces to it are taken for a week. Some"
                                        + " mailing lists and greylists know senders by that path.",
                            usual = "false")
                    boolean batv,
            @Entry(
                            about =
                                    "Messages without a sender that another server brings for an"
                                        + " account's own address are refused (550 5.7.1) unless"
                                        + " they come back to a signed reverse-path: spam sent in"
                                        + " our name bounces to others. Needs `forward.batv`, and"
                                        + " begins when the server has signed for 7 days of"
                                        + " running. Postmaster, abuse and addresses of generic"
                                        + " rules take all. Read receipts and servers that ask back"
                                        + " for a sender's address are refused too, and bounces of"
                                        + " what accounts send by other servers.",
                            usual = "false")
                    boolean batvEnforce) {}

    /** What mail of other servers goes on. */
    public enum OutsideForward {
        NEVER,
        AUTHENTICATED,
        ALWAYS
    }

    /** How things are kept. */
    public record Store(
            @Entry(
                            about =
                                    "Below this free space nothing new is taken (452, NO);"
                                        + " deletions go on. Without it: the greater of 1 GiB and 3"
                                        + " % of the disk.")
                    Optional<ByteSize> minFree,
            @Entry(
                            about = "How long the story of a message is kept for `mansio trace`.",
                            usual = "30 d")
                    Duration keepStories) {}

    /** How mail leaves for other servers. */
    public record Outgoing(
            @Entry(
                            about = "The port of the hosts that the DNS names.",
                            usual = "25",
                            min = 1,
                            max = 65_535)
                    int port,
            @Entry(
                            about =
                                    "Which addresses of other servers are used, and which first."
                                        + " With `-only`, mail for hosts of the other family waits"
                                        + " and says so: it is this setting that keeps it, and a"
                                        + " route to a relay host sends it.",
                            usual = "ipv6-first")
                    Families families,
            @Entry(
                            about =
                                    "Private networks that the DNS may lead us to. Everybody who"
                                        + " has a domain can name hosts of our own network as its"
                                        + " mail hosts; mail goes there only when the network"
                                        + " stands here, or by a route.",
                            usual = {})
                    List<Network> privateNetworks,
            @Entry(
                            about = "Connections to other servers at once.",
                            usual = "200",
                            min = 1,
                            max = 10_000)
                    int connections,
            @Entry(
                            about =
                                    "Connections to the hosts of one domain, or to one relay, at"
                                            + " once.",
                            usual = "10",
                            min = 1,
                            max = 1_000)
                    int connectionsPerSite,
            @Entry(
                            about = "The pause after the first attempt to send a message.",
                            usual = "5 min",
                            min = 1)
                    Duration firstRetry,
            @Entry(
                            about =
                                    "The longest pause. Between the two it is as long as the"
                                            + " message is old.",
                            usual = "4 h",
                            min = 1)
                    Duration longestRetry,
            @Entry(
                            about = "When a message that could not be sent goes back.",
                            usual = "5 d",
                            min = 60,
                            max = 2_592_000)
                    Duration giveUpAfter,
            @Entry(
                            about =
                                    "Ages of a message at which its sender is told that it takes"
                                            + " long; at most seven.",
                            usual = {"4 h", "24 h"},
                            min = 60)
                    List<Duration> delayNotices,
            @Entry(
                            about =
                                    "The pause after a message was sent to its end and no answer"
                                        + " came: the other server may have it, and would get it"
                                        + " twice.",
                            usual = "10 min",
                            max = 86_400)
                    Duration unansweredRetry,
            @Entry(
                            about =
                                    "How long an address that does not exist, as its own server"
                                            + " said, is not tried; `0 d` for never.",
                            usual = "30 d")
                    Duration keepSuppressed) {}

    /** How what leaves is signed. */
    public record Dkim(
            @Entry(
                            about =
                                    "Whether a key signs only after its record was seen in the DNS."
                                        + " Receivers take a signature whose key is not there for"
                                        + " none.",
                            usual = "true")
                    boolean requirePublished,
            @Entry(
                            about =
                                    "The age at which keys are replaced by themselves. The new ones"
                                        + " take over when their records are in the DNS; somebody"
                                        + " has to put them there, so this is off by default."
                                        + " `mansio dkim rotate` does it by hand.",
                            min = 86_400)
                    Optional<Duration> rotateAfter) {}

    /** DMARC reports. */
    public record Dmarc(
            @Entry(
                            about =
                                    "Whether domains that ask for it are told once a day what mail"
                                            + " came in their name.",
                            usual = "true")
                    boolean sendReports,
            @Entry(
                            about =
                                    "Whom these reports are from: an address at a domain of ours,"
                                        + " best one with DKIM keys. Without it, `dmarc-reports` at"
                                        + " the domain that is nearest to `hostname`.")
                    Optional<Address> reportFrom,
            @Entry(
                            about =
                                    "An address of ours that the DMARC records of our domains name"
                                        + " besides `dmarc-reports` and `postmaster` of the domain."
                                        + " Reports that come to one of these are read.")
                    Optional<Address> reportAddress) {}

    /** Which addresses of other servers are used, and which first. */
    public enum Families {
        IPV6_FIRST,
        IPV4_FIRST,
        IPV4_ONLY,
        IPV6_ONLY
    }

    /** How secrets are kept that the server must read again. */
    public record Secrets(
            @Entry(
                            about =
                                    "The file with the key that passwords for relay hosts are"
                                        + " sealed with: 32 bytes in base64, readable by its owner"
                                        + " only, made when it is first needed. It does not belong"
                                        + " into the data folder, so that a copy of that folder"
                                        + " tells no secrets. Without it: the systemd credential"
                                        + " `mansio-key` if there is one, else the file beside the"
                                        + " data folder with its name and `.key`. With `--local`:"
                                        + " `local-secrets.key` inside the data folder.")
                    Optional<Path> keyFile) {}

    /** The address that answers with what was found. */
    public record Reflector(
            @Entry(about = "What stands before the `@`.", usual = "check") String localPart,
            @Entry(
                            about = "Answers to one sender within an hour.",
                            usual = "5",
                            min = 1,
                            max = 1_000)
                    int perSender,
            @Entry(
                            about = "Answers to all within an hour; 0 for no reflector.",
                            usual = "60",
                            max = 100_000)
                    int perHour) {}

    /** Mail of programs on this machine. */
    public record Sendmail(
            @Entry(
                            about =
                                    "The drop folder. Without it: `/var/spool/mansio/drop` when it"
                                            + " is there, else none.")
                    Optional<Path> drop,
            @Entry(
                            about =
                                    "The domain of local users' addresses. Without it: the host"
                                            + " name when it is a domain of ours, else the first"
                                            + " domain that the host name lies in, else the first"
                                            + " domain of ours, else the host name.")
                    Optional<Domain> domain,
            @Entry(
                            about =
                                    "Who gets mail for users of this machine whose name reaches"
                                        + " nobody in a domain of ours, and for all of them when"
                                        + " `sendmail.domain` is none of ours. Without it: the"
                                        + " postmaster, or the address at that domain.")
                    Optional<Address> admin,
            @Entry(
                            about =
                                    "Users who may send with any address of our domains (`sendmail"
                                            + " -f`). Others have their own.",
                            usual = "root")
                    List<String> trustedUsers,
            @Entry(
                            about =
                                    "Messages of one user within an hour; more wait in the drop"
                                            + " folder. Root has no limit.",
                            usual = "1000",
                            min = 1,
                            max = 1_000_000)
                    int messagesPerHour) {}

    /** Importance of log lines. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
