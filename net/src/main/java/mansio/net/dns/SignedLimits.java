package mansio.net.dns;

import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a signed message may hold at most. Honest ones stay far below; beyond it checking could be
 * made to take minutes of computing.
 */
final class SignedLimits {
    /** Records of one name and type, each of which is signed, in one message. */
    static final int MAX_SETS = 60;

    /** In one message; sets signed with two algorithms while keys change have two or four each. */
    static final int MAX_SIGNATURES = 200;

    static final int MAX_KEYS = 30;
    static final int MAX_DS = 30;

    /** RFC 5155 needs three. */
    static final int MAX_NSEC3 = 12;

    private static final int MAX_RSA_OCTETS = 512;

    /** Usual is 65,537; computing time grows with it. */
    private static final int MAX_EXPONENT_OCTETS = 5;

    private SignedLimits() {}

    /** What is too much, when something is. */
    static Optional<String> excess(Message message) {
        Map<Integer, Integer> types = new HashMap<>();
        int sets = 0;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            sets += message.getSectionRRsets(section).size();
            for (Record record : message.getSection(section)) {
                types.merge(record.getType(), 1, Integer::sum);
                if (record instanceof DNSKEYRecord key && isCostly(key)) {
                    return Optional.of("a key is too long");
                }
            }
        }
        if (sets > MAX_SETS
                || types.getOrDefault(Type.RRSIG, 0) > MAX_SIGNATURES
                || types.getOrDefault(Type.DNSKEY, 0) > MAX_KEYS
                || types.getOrDefault(Type.DS, 0) > MAX_DS
                || types.getOrDefault(Type.NSEC3, 0) > MAX_NSEC3) {
            return Optional.of("more signed records than anybody has");
        }
        return Optional.empty();
    }

    /** RFC 3110 section 2: the length of the exponent in one octet or three, exponent, modulus. */
    private static boolean isCostly(DNSKEYRecord record) {
        byte[] key = record.getKey();
        int algorithm = record.getAlgorithm();
        boolean rsa =
                algorithm == DNSSEC.Algorithm.RSASHA1
                        || algorithm == DNSSEC.Algorithm.RSA_NSEC3_SHA1
                        || algorithm == DNSSEC.Algorithm.RSASHA256
                        || algorithm == DNSSEC.Algorithm.RSASHA512;
        if (!rsa || key.length < 3) {
            return key.length > MAX_RSA_OCTETS;
        }
        int exponent = key[0] & 0xff;
        int start = 1;
        if (exponent == 0) {
            exponent = (key[1] & 0xff) << 8 | (key[2] & 0xff);
            start = 3;
        }
        return exponent > MAX_EXPONENT_OCTETS || key.length - start - exponent > MAX_RSA_OCTETS;
    }
}
