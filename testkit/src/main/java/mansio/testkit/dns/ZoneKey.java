package mansio.testkit.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The one key of a signed zone, always the same for the same name, and what it makes. Immutable.
 */
final class ZoneKey {
    private static final int ZONE_AND_ENTRY_POINT = 257;
    private static final int PROTOCOL = 3;
    private static final long TTL = 300;

    /** Years around any time that a test has, and not more than serial numbers can tell apart. */
    private static final Instant BEGIN = Instant.parse("1990-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("2037-12-31T00:00:00Z");

    private final KeyPair pair;
    private final DNSKEYRecord key;

    private ZoneKey(KeyPair pair, DNSKEYRecord key) {
        this.pair = pair;
        this.key = key;
    }

    /** How a signature is wrong. */
    enum Fault {
        NONE,
        EXPIRED,
        NOT_YET,
        WRONG
    }

    /**
     * @param algorithm {@code rsa}, {@code ecdsa} or {@code ed25519}
     */
    static ZoneKey of(Name zone, String algorithm) {
        try {
            KeyPairGenerator generator;
            int number;
            switch (algorithm) {
                case "rsa" -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048, seeded(zone));
                    number = DNSSEC.Algorithm.RSASHA256;
                }
                case "ecdsa" -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(256, seeded(zone));
                    number = DNSSEC.Algorithm.ECDSAP256SHA256;
                }
                case "ed25519" -> {
                    generator = KeyPairGenerator.getInstance("Ed25519");
                    generator.initialize(255, seeded(zone));
                    number = DNSSEC.Algorithm.ED25519;
                }
                default -> throw new IllegalArgumentException("no algorithm: " + algorithm);
            }
            KeyPair pair = generator.generateKeyPair();
            return new ZoneKey(
                    pair,
                    new DNSKEYRecord(
                            zone,
                            DClass.IN,
                            TTL,
                            ZONE_AND_ENTRY_POINT,
                            PROTOCOL,
                            number,
                            pair.getPublic()));
        } catch (GeneralSecurityException | DNSSEC.DNSSECException e) {
            throw new IllegalStateException("no key for " + zone, e);
        }
    }

    DNSKEYRecord key() {
        return key;
    }

    DSRecord ds() {
        return new DSRecord(key.getName(), DClass.IN, TTL, DNSSEC.Digest.SHA256, key);
    }

    /** A signature over records of one name and type. */
    RRSIGRecord sign(List<Record> records, Fault fault) {
        try {
            Instant begin = fault == Fault.NOT_YET ? END.minusSeconds(1) : BEGIN;
            Instant end = fault == Fault.EXPIRED ? BEGIN.plusSeconds(1) : END;
            RRset set = new RRset(records);
            RRSIGRecord good = DNSSEC.sign(set, key, pair.getPrivate(), begin, end);
            return fault == Fault.WRONG ? spoiled(good, 1) : good;
        } catch (DNSSEC.DNSSECException e) {
            throw new IllegalStateException("cannot sign " + records, e);
        }
    }

    /** A signature like this that is not one. */
    static RRSIGRecord spoiled(RRSIGRecord good, int how) {
        byte[] octets = good.getSignature();
        byte[] wrong = Arrays.copyOf(octets, octets.length);
        wrong[how % wrong.length] ^= (byte) (1 + how / wrong.length);
        return new RRSIGRecord(
                good.getName(),
                good.getDClass(),
                good.getTTL(),
                good.getTypeCovered(),
                good.getAlgorithm(),
                good.getOrigTTL(),
                good.getExpire(),
                good.getTimeSigned(),
                good.getFootprint(),
                good.getSigner(),
                wrong);
    }

    private static SecureRandom seeded(Name zone) {
        byte[] name = zone.toString().getBytes(StandardCharsets.ISO_8859_1);
        return new Seeded(Arrays.hashCode(name));
    }

    /** Draws the same each time. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient SplittableRandom random;

        Seeded(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
