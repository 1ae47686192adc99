package mansio.serve.dnscheck;

/** The mistakes that are known by name; programs rely on the names. */
public enum Mistake {
    NO_RECORD,
    CANNOT_BE_ASKED,
    /** The name servers and a resolver's cache say different things. */
    AUTHORITY_DIFFERS,
    /** The name servers of a zone say different things. */
    NAME_SERVERS_DIFFER,
    NAME_SERVER_SILENT,
    /** A name server answers, and not for the zone. */
    NAME_SERVER_LAME,

    /** Quotes or backslashes became part of the text. */
    BROKEN_QUOTES,
    SEVERAL_RECORDS,
    SYNTAX,

    TOO_MANY_LOOKUPS,
    PASS_ALL,
    TYPE_SPF,
    BROKEN_INCLUDE,
    /** Something unwise that is no error. */
    SPF_ADVICE,
    SPF_WITHOUT_US,
    RELAY_NOT_INCLUDED,
    /** The records say that the domain sends, or takes, no mail. */
    PARKED,

    KEY_MISMATCH,
    KEY_REVOKED,
    KEY_TESTING,
    KEY_WITH_SPACES,
    /** The end or the beginning of a long text is missing. */
    PART_MISSING,
    /** Parts of one text are records of their own. */
    PARTS_AS_RECORDS,
    WILDCARD,

    SENDER_WITHOUT_MX,
    MX_ELSEWHERE,
    MX_IS_ALIAS,
    MX_IS_ADDRESS,
    MX_DOES_NOT_RESOLVE,
    ALIAS_AT_DOMAIN,

    NO_REPORTS,
    REPORTS_NOT_PERMITTED,
    INHERITED,

    OTHER_ADDRESS,
    NO_REVERSE_NAME,
    IPV6_WITHOUT_REVERSE_NAME,
    REVERSE_NAME_DIFFERS,
    DYNAMIC_NAME,
    EHLO_UNQUALIFIED,
    EHLO_FOREIGN,
    EHLO_IS_ALIAS,
    /** EHLO name, reverse name and address do not lead to each other. */
    EHLO_CHAIN_BROKEN,

    OTHER_SERVICE,
    NOT_SERVED_HERE,
    LISTED,
    LIST_CANNOT_BE_ASKED,
    PORT_25_BLOCKED,
    PORT_25_NOT_TRIED
}
