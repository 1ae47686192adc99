package mansio.net.dns;

import java.util.List;
import java.util.Optional;

/**
 * A message that answers a question, read.
 *
 * @param nameExists false for NXDOMAIN, true for NOERROR: no other reply becomes one of these
 * @param answers all of the answer section that is of class IN
 * @param authentic the AD bit
 * @param soa from the authority section
 * @param referral whether other servers are named in place of an answer
 */
record Reply(
        boolean nameExists,
        List<DnsRecord> answers,
        boolean authentic,
        Optional<DnsRecord.Soa> soa,
        boolean referral) {}
