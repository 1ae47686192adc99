package mansio.testkit.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base32;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a zone is signed: its key, and how it denies names (RFC 4034, RFC 5155). A line {@code ;+
 * signed WORD...} of a zone's text makes one; the words are {@code rsa} or {@code ed25519} in place
 * of ECDSA, {@code nsec3} and {@code iterations=N} in place of NSEC, {@code wrong-ds} or {@code
 * no-ds} for what the zone above has of it. Immutable.
 */
final class ZoneSigning {
    private static final long TTL = 60;
    private static final byte[] SALT = {(byte) 0xab, (byte) 0xcd};

    private final Name zone;
    private final ZoneKey key;
    private final Set<String> words;
    private final int iterations;

    private ZoneSigning(Name zone, ZoneKey key, Set<String> words, int iterations) {
        this.zone = zone;
        this.key = key;
        this.words = words;
        this.iterations = iterations;
    }

    /** Reads what follows {@code ;+ signed}. */
    static ZoneSigning parse(Name zone, String text) {
        Set<String> words = new TreeSet<>();
        int iterations = 0;
        String algorithm = "ecdsa";
        for (String word : text.strip().split("\\s+")) {
            if (word.startsWith("iterations=")) {
                iterations = Integer.parseInt(word.substring("iterations=".length()));
            } else if (word.equals("rsa") || word.equals("ed25519")) {
                algorithm = word;
            } else if (Set.of("", "ecdsa", "nsec", "nsec3", "wrong-ds", "no-ds").contains(word)) {
                words.add(word);
            } else {
                throw new IllegalArgumentException("a zone is not signed so: " + word);
            }
        }
        return new ZoneSigning(zone, ZoneKey.of(zone, algorithm), words, iterations);
    }

    ZoneKey key() {
        return key;
    }

    DNSKEYRecord dnskey() {
        return key.key();
    }

    /** What the zone above has of this one. */
    List<Record> ds() {
        DSRecord ds = key.ds();
        if (words.contains("no-ds")) {
            return List.of();
        }
        if (!words.contains("wrong-ds")) {
            return List.of(ds);
        }
        byte[] digest = ds.getDigest();
        digest[0] ^= 1;
        int tag = ds.getFootprint();
        return List.of(new DSRecord(zone, DClass.IN, TTL, tag, ds.getAlgorithm(), 2, digest));
    }

    /** What is denied. */
    enum Denial {
        /** The name, and any wildcard for it. */
        NAME,
        /** The type at the name. */
        TYPE,
        /** The name, for which a wildcard stands. */
        EXPANDED,
        /** The type at the wildcard that stands for the name. */
        EXPANDED_TYPE
    }

    /**
     * The records that prove it, without signatures.
     *
     * @param names of the zone that have records, with the types
     * @param encloser the longest name above {@code name} that exists
     */
    List<Record> denial(Map<Name, Set<Integer>> names, Name name, Name encloser, Denial denial) {
        try {
            Name wildcard = Name.fromString("*", encloser);
            Name nextCloser =
                    name.labels() > encloser.labels()
                            ? new Name(name, name.labels() - encloser.labels() - 1)
                            : name;
            boolean nsec3 = words.contains("nsec3");
            List<Name> asked =
                    switch (denial) {
                        case TYPE -> List.of(name);
                        case EXPANDED -> List.of(nsec3 ? nextCloser : name);
                        case NAME, EXPANDED_TYPE ->
                                nsec3
                                        ? List.of(encloser, nextCloser, wildcard)
                                        : List.of(name, wildcard);
                    };
            Collection<? extends Record> found = nsec3 ? nsec3s(names, asked) : nsecs(names, asked);
            return new ArrayList<>(found);
        } catch (NoSuchAlgorithmException | TextParseException | NameTooLongException e) {
            throw new IllegalStateException(e);
        }
    }

    private Collection<NSECRecord> nsecs(Map<Name, Set<Integer>> names, List<Name> asked) {
        TreeMap<Name, Set<Integer>> sorted = new TreeMap<>(names);
        Map<Name, NSECRecord> found = new TreeMap<>();
        for (Name name : asked) {
            Name owner = sorted.floorKey(name);
            Name next = sorted.higherKey(owner);
            Set<Integer> types = new TreeSet<>(sorted.get(owner));
            types.addAll(List.of(Type.RRSIG, Type.NSEC));
            found.put(
                    owner,
                    new NSECRecord(
                            owner, DClass.IN, TTL, next == null ? zone : next, array(types)));
        }
        return found.values();
    }

    private Collection<NSEC3Record> nsec3s(Map<Name, Set<Integer>> names, List<Name> asked)
            throws NoSuchAlgorithmException, TextParseException, NameTooLongException {
        NSEC3Record hasher =
                new NSEC3Record(
                        zone, DClass.IN, TTL, 1, 0, iterations, SALT, new byte[20], new int[0]);
        base32 letters = new base32(base32.Alphabet.BASE32HEX, false, true);
        TreeMap<String, Set<Integer>> hashes = new TreeMap<>();
        for (Map.Entry<Name, Set<Integer>> entry : names.entrySet()) {
            hashes.put(letters.toString(hasher.hashName(entry.getKey())), entry.getValue());
            Name above = entry.getKey();
            while (above.labels() > zone.labels() + 1) {
                above = new Name(above, 1);
                hashes.putIfAbsent(letters.toString(hasher.hashName(above)), Set.of());
            }
        }
        Map<String, NSEC3Record> found = new TreeMap<>();
        for (Name name : asked) {
            String hash = letters.toString(hasher.hashName(name));
            Map.Entry<String, Set<Integer>> floor = hashes.floorEntry(hash);
            Map.Entry<String, Set<Integer>> at = floor == null ? hashes.lastEntry() : floor;
            String higher = hashes.higherKey(at.getKey());
            byte[] next = letters.fromString(higher == null ? hashes.firstKey() : higher);
            Set<Integer> types = new TreeSet<>(at.getValue());
            if (!types.isEmpty() && !types.equals(Set.of(Type.NS))) {
                types.add(Type.RRSIG); // Nothing is signed at a delegation without DS.
            }
            Name owner = Name.fromString(at.getKey(), zone);
            found.put(
                    at.getKey(),
                    new NSEC3Record(
                            owner, DClass.IN, TTL, 1, 0, iterations, SALT, next, array(types)));
        }
        return found.values();
    }

    private static int[] array(Set<Integer> types) {
        return types.stream().mapToInt(Integer::intValue).toArray();
    }
}
