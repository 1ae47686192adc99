package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.RecordType;

/** What a plan is made on. */
@FunctionalInterface
interface Ground {
    /** What the server has there; the same each time it is asked. */
    Held at(DnsName name, RecordType type);
}
