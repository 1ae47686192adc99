package mansio.net.dns;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Between messages of the DNS and our values: the place that knows the library. */
final class Wire {
    /** Fits an Ethernet frame over IPv6, so that nothing is sent in fragments. */
    static final int UDP_SIZE = 1232;

    private Wire() {}

    /** What a query says of our means (RFC 6891). */
    enum Edns {
        NONE,
        PLAIN,
        /** With the signatures, and whatever they are worth (RFC 4035 section 3.2). */
        DNSSEC,
        /** The same of a name server, which is to say what it has and ask nobody. */
        OWN_DATA
    }

    /**
     * A query for a resolver, or for a name server.
     *
     * @param name on the wire, letters in the case to send
     */
    static byte[] query(int id, byte[] name, RecordType type, Edns edns) throws IOException {
        Message message = new Message(id);
        if (edns != Edns.OWN_DATA) message.getHeader().setFlag(Flags.RD);
        // RFC 6840 section 5.7: in a query it says that we know what it means in the answer.
        message.getHeader().setFlag(Flags.AD);
        Record question = Record.newRecord(new Name(name), type.code(), DClass.IN);
        message.addRecord(question, Section.QUESTION);
        switch (edns) {
            case NONE -> {}
            case PLAIN -> message.addRecord(new OPTRecord(UDP_SIZE, 0, 0), Section.ADDITIONAL);
            case DNSSEC, OWN_DATA -> {
                // RFC 6840 section 5.9: whoever checks by himself wants what others find wrong.
                message.getHeader().setFlag(Flags.CD);
                message.addRecord(
                        new OPTRecord(UDP_SIZE, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
            }
        }
        return message.toWire();
    }

    /**
     * Reads a message of any content.
     *
     * @throws IOException when it is broken
     */
    static Message parse(byte[] message) throws IOException {
        try {
            return new Message(message);
        } catch (RuntimeException e) {
            // What its record types throw on numbers and lengths they do not like.
            throw new IOException("the message cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What a message says.
     *
     * @throws IOException when a record of it is broken
     */
    static Reply reply(Message message, boolean nameExists) throws IOException {
        List<DnsRecord> answers = records(message, Section.ANSWER);
        List<DnsRecord> authority = records(message, Section.AUTHORITY);
        Optional<DnsRecord.Soa> soa =
                authority.stream()
                        .filter(DnsRecord.Soa.class::isInstance)
                        .map(DnsRecord.Soa.class::cast)
                        .findFirst();
        boolean servers = authority.stream().anyMatch(DnsRecord.Ns.class::isInstance);
        boolean authentic = message.getHeader().getFlag(Flags.AD);
        boolean recursive = message.getHeader().getFlag(Flags.RA);
        return new Reply(nameExists, answers, authentic, soa, servers, recursive);
    }

    /** Whether a failure is one of signatures (RFC 8914 section 4). */
    static boolean saysBogus(Message message) {
        OPTRecord opt = message.getOPT();
        if (opt == null) {
            return false;
        }
        for (EDNSOption option : opt.getOptions()) {
            if (option instanceof ExtendedErrorCodeOption error) {
                int code = error.getErrorCode();
                if (code >= ExtendedErrorCodeOption.DNSSEC_BOGUS
                        && code <= ExtendedErrorCodeOption.NSEC_MISSING) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<DnsRecord> records(Message message, int section) throws IOException {
        List<DnsRecord> found = new ArrayList<>();
        for (Record record : message.getSection(section)) {
            if (record.getDClass() == DClass.IN) {
                try {
                    found.add(value(record));
                } catch (RuntimeException e) {
                    throw new IOException("a record cannot be read: " + e.getMessage(), e);
                }
            } else {
                // To the check of signatures it would come from a world without trust anchors.
                throw new IOException("a record is of a class that was not asked for");
            }
        }
        return found;
    }

    private static DnsRecord value(Record record) throws UnknownHostException {
        DnsName name = name(record.getName());
        int ttl = seconds(record.getTTL());
        return switch (record) {
            case ARecord a -> new DnsRecord.A(name, ttl, v4(a));
            case AAAARecord aaaa when v6(aaaa) instanceof Inet6Address address ->
                    new DnsRecord.Aaaa(name, ttl, address);
            case MXRecord mx -> new DnsRecord.Mx(name, ttl, mx.getPriority(), name(mx.getTarget()));
            case TXTRecord txt -> new DnsRecord.Txt(name, ttl, strings(txt));
            case CNAMERecord cname -> new DnsRecord.Cname(name, ttl, name(cname.getTarget()));
            case PTRRecord ptr -> new DnsRecord.Ptr(name, ttl, name(ptr.getTarget()));
            case NSRecord ns -> new DnsRecord.Ns(name, ttl, name(ns.getTarget()));
            case SOARecord soa ->
                    new DnsRecord.Soa(name, ttl, soa.getSerial(), seconds(soa.getMinimum()));
            case SRVRecord srv -> new DnsRecord.Srv(name, ttl, service(srv));
            case TLSARecord tlsa -> new DnsRecord.Tlsa(name, ttl, association(tlsa));
            case CAARecord caa -> caa(caa, name, ttl);
            default ->
                    new DnsRecord.Other(name, ttl, record.getType(), record.rdataToWireCanonical());
        };
    }

    // An address of its octets, without the owner's name that the library puts into it.
    private static Inet4Address v4(ARecord record) throws UnknownHostException {
        return (Inet4Address) InetAddress.getByAddress(record.getAddress().getAddress());
    }

    private static InetAddress v6(AAAARecord record) throws UnknownHostException {
        return InetAddress.getByAddress(record.getAddress().getAddress());
    }

    private static List<String> strings(TXTRecord record) {
        return record.getStringsAsByteArrays().stream()
                .map(octets -> new String(octets, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static DnsRecord.Srv.Service service(SRVRecord record) {
        return new DnsRecord.Srv.Service(
                record.getPriority(),
                record.getWeight(),
                record.getPort(),
                name(record.getTarget()));
    }

    private static DnsRecord.Tlsa.Association association(TLSARecord record) {
        return new DnsRecord.Tlsa.Association(
                record.getCertificateUsage(),
                record.getSelector(),
                record.getMatchingType(),
                record.getCertificateAssociationData());
    }

    /** RFC 8659 section 4.1; the library would give the value with escapes in it. */
    private static DnsRecord caa(CAARecord record, DnsName name, int ttl) {
        byte[] data = record.rdataToWireCanonical();
        int tagLength = data[1] & 0xff;
        String text = new String(data, 2, data.length - 2, StandardCharsets.ISO_8859_1);
        return new DnsRecord.Caa(
                name,
                ttl,
                record.getFlags(),
                text.substring(0, tagLength),
                text.substring(tagLength));
    }

    static DnsName name(Name name) {
        return DnsName.ofWire(name.toWire());
    }

    /** RFC 2181 section 8: a TTL with its first bit set is to be taken for 0. */
    private static int seconds(long ttl) {
        return ttl > Integer.MAX_VALUE ? 0 : (int) ttl;
    }
}
