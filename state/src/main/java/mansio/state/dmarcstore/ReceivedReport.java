package mansio.state.dmarcstore;

import mansio.codec.text.Domain;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.Published;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * What one receiver told of a domain of ours, summed up by source. Texts come from outside.
 *
 * @param domain ours, which is or has the domain of the record
 * @param from who reports
 * @param begin of the time that it is about, with {@code end}
 * @param published the record as the receiver saw it
 * @param sources the first of them, as many as are kept
 * @param others messages of the rest
 */
public record ReceivedReport(
        Domain domain,
        Reporter from,
        Instant begin,
        Instant end,
        Published published,
        List<Source> sources,
        Others others) {
    /** Sources that are kept of a report. */
    public static final int MAX_SOURCES = 200;

    public ReceivedReport {
        sources = List.copyOf(sources);
    }

    /**
     * Who reports.
     *
     * @param organization the domain that the mail is known to be from; of others, what they call
     *     themselves
     * @param id unique for the organization
     * @param authenticated whether the mail that brought it is known to be from where it says
     */
    public record Reporter(String organization, String id, boolean authenticated) {}

    /**
     * Messages of one host that are alike.
     *
     * @param names what else passed
     */
    public record Source(
            InetAddress address,
            long count,
            Policy disposition,
            boolean dkimAligned,
            boolean spfAligned,
            Names names) {
        /** Whether they passed DMARC. */
        public boolean passed() {
            return dkimAligned || spfAligned;
        }
    }

    /**
     * Whose names messages bear.
     *
     * @param dkim a domain whose signature passed; empty when none did
     * @param spf the domain that passed SPF; empty when it did not
     * @param signedByUs whether a signature names our domain, be it broken
     */
    public record Names(String dkim, String spf, boolean signedByUs) {}

    /** Counts without sources. */
    public record Others(long passed, long failed) {
        /** None. */
        public static final Others NONE = new Others(0, 0);
    }
}
