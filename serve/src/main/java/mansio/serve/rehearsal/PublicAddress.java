package mansio.serve.rehearsal;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Where mail leaves from, as the DNS tells it of the server's name. */
public final class PublicAddress {
    private PublicAddress() {}

    /**
     * Asks for both kinds; blocks.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     * @return those of IPv4 first; none when the DNS says that there are none
     * @throws IOException when it cannot be told now, with a sentence
     */
    public static List<InetAddress> of(Resolver resolver, Domain hostname, long deadlineNanos)
            throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        String failure = "";
        for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
            switch (resolver.lookup(DnsName.of(hostname), type, deadlineNanos)) {
                case Answer.Found found -> {
                    found.of(DnsRecord.A.class).forEach(it -> addresses.add(it.address()));
                    found.of(DnsRecord.Aaaa.class).forEach(it -> addresses.add(it.address()));
                }
                case Answer.Failed failed -> failure = failed.reason();
                case Answer.NoData _, Answer.NoSuchName _ -> {
                    // None of this kind.
                }
            }
        }
        if (addresses.isEmpty() && !failure.isEmpty()) {
            throw new IOException(
                    "the DNS does not tell the address of "
                            + hostname
                            + " now ("
                            + failure
                            + "); name the one that mail leaves from with --ip");
        }
        return addresses;
    }
}
