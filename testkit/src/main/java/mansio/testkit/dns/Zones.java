package mansio.testkit.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contents of a DNS: zones in the format of RFC 1035 section 5, and how the server behaves at
 * some names. A line {@code ;! NAME BEHAVIOUR [AMOUNT]} says how: {@code ;! slow.example. delay
 * 500}; {@code *.example.} stands for all names below, {@code *} for all. A line {@code ;+ signed}
 * makes a signed zone ({@link ZoneSigning}); zones within it that are signed are vouched for by it.
 * Immutable.
 */
final class Zones {
    private static final String BEHAVIOUR = ";!";
    private static final String SIGNED = ";+ signed";
    private static final long DEFAULT_TTL = 300;
    private static final int MAX_CHAIN = 20;

    private final List<SOARecord> origins = new ArrayList<>();
    private final Map<Name, List<Record>> records = new TreeMap<>();
    private final Map<String, List<Behaviour>> behaviours = new LinkedHashMap<>();

    private final Map<Name, ZoneSigning> signed = new TreeMap<>();

    /**
     * What the zones say to a question.
     *
     * @param last the name that a chain of CNAME records came to
     */
    record Found(boolean nameExists, List<Record> answers, @Nullable SOARecord soa, Name last) {}

    /** No zone: every question is refused. */
    Zones() {}

    private Zones(Zones other) {
        origins.addAll(other.origins);
        other.records.forEach((name, here) -> records.put(name, new ArrayList<>(here)));
        signed.putAll(other.signed);
        other.behaviours.forEach((name, here) -> behaviours.put(name, new ArrayList<>(here)));
    }

    /**
     * These and another. A zone without an SOA record gets one.
     *
     * @param origin with its final dot; all records are at or below it
     * @param text of a zone file, with lines for behaviours
     */
    Zones with(String origin, String text) {
        Zones all = new Zones(this);
        try {
            Name name = Name.fromString(origin, Name.root);
            all.read(name, text);
        } catch (IOException e) {
            throw new UncheckedIOException("zone " + origin + ": " + e.getMessage(), e);
        }
        return all;
    }

    /** These, with one more behaviour at a name. */
    Zones with(String name, Behaviour behaviour) {
        Zones all = new Zones(this);
        all.behave(name, behaviour);
        return all;
    }

    /** These without any behaviour at a name. */
    Zones without(String name) {
        Zones all = new Zones(this);
        all.behaviours.remove(key(name));
        return all;
    }

    private void read(Name origin, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        @Nullable SOARecord soa = null;
        try (Master master = new Master(new ByteArrayInputStream(octets), origin, DEFAULT_TTL)) {
            for (Record record = master.nextRecord();
                    record != null;
                    record = master.nextRecord()) {
                if (!record.getName().subdomain(origin)) {
                    throw new IOException(record.getName() + " is not in zone " + origin);
                }
                records.computeIfAbsent(record.getName(), _ -> new ArrayList<>()).add(record);
                soa = record instanceof SOARecord start ? start : soa;
            }
        }
        if (soa == null) {
            soa = start(origin);
            records.computeIfAbsent(origin, _ -> new ArrayList<>()).add(soa);
        }
        origins.add(soa);
        signed.remove(origin);
        for (String line : text.lines().toList()) {
            if (line.startsWith(SIGNED)) {
                signed.put(origin, ZoneSigning.parse(origin, line.substring(SIGNED.length())));
            } else if (line.startsWith(BEHAVIOUR)) {
                String[] words = line.substring(BEHAVIOUR.length()).strip().split("\\s+", 2);
                if (words.length < 2) {
                    throw new IOException("no behaviour: " + line);
                }
                behave(words[0], Behaviour.parse(words[1]));
            }
        }
    }

    private static SOARecord start(Name origin) throws TextParseException {
        Name nobody = Name.fromString("nobody.invalid.");
        return new SOARecord(
                origin, DClass.IN, DEFAULT_TTL, nobody, nobody, 1, 3600, 600, 86_400, 60);
    }

    private void behave(String name, Behaviour behaviour) {
        behaviours.computeIfAbsent(key(name), _ -> new ArrayList<>()).add(behaviour);
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("*") || lower.endsWith(".") ? lower : lower + ".";
    }

    /** How the server behaves at a name: what stands for it, else for names below, else for all. */
    List<Behaviour> behaviours(Name name) {
        List<Behaviour> exact = behaviours.get(key(name.toString()));
        if (exact != null) {
            return exact;
        }
        // The library counts the root as a label.
        for (int cut = 1; cut < name.labels() - 1; cut++) {
            List<Behaviour> below = behaviours.get(key(name.wild(cut).toString()));
            if (below != null) {
                return below;
            }
        }
        return behaviours.getOrDefault("*", List.of());
    }

    /**
     * Looks up, through CNAME records as far as these zones go; a chain ends before a name where
     * the server misbehaves, so that it will be asked for by itself.
     *
     * @return null when the name is in none of the zones
     */
    @Nullable Found find(Name asked, int type) {
        List<Record> answers = new ArrayList<>();
        Name name = asked;
        for (int step = 0; step < MAX_CHAIN; step++) {
            SOARecord soa = zoneOf(name, type);
            boolean alone = step > 0 && !behaviours(name).isEmpty();
            if (soa == null || alone) {
                return step == 0 ? null : new Found(true, answers, null, name);
            }
            List<Record> here = at(name, soa.getName(), type);
            if (here == null) {
                return new Found(false, answers, soa, name);
            }
            List<Record> wanted =
                    here.stream()
                            .filter(record -> record.getType() == type || type == Type.ANY)
                            .toList();
            answers.addAll(wanted);
            if (!wanted.isEmpty()) {
                return new Found(true, answers, null, name);
            }
            CNAMERecord cname = cname(here);
            if (cname == null) {
                return new Found(true, answers, soa, name);
            }
            answers.add(cname);
            name = cname.getTarget();
        }
        return new Found(true, answers, null, name);
    }

    private static @Nullable CNAMERecord cname(List<Record> here) {
        for (Record record : here) {
            if (record instanceof CNAMERecord cname) {
                return cname;
            }
        }
        return null;
    }

    /** The zone that answers: for DS records the one above (RFC 4035 section 3.1.4.1). */
    private @Nullable SOARecord zoneOf(Name name, int type) {
        SOARecord best = null;
        for (SOARecord soa : origins) {
            boolean above = type == Type.DS && soa.getName().equals(name) && origins.size() > 1;
            if (name.subdomain(soa.getName())
                    && (!above || name.equals(Name.root))
                    && (best == null || soa.getName().labels() > best.getName().labels())) {
                best = soa;
            }
        }
        return best;
    }

    /** The name of the zone that has records of this name and type; null when none has. */
    @Nullable Name origin(Name name, int type) {
        SOARecord soa = zoneOf(name, type);
        return soa == null ? null : soa.getName();
    }

    /** Whether a zone begins at a name. */
    boolean isOrigin(Name name) {
        return zoneStarts(name);
    }

    /** The records that stand at a name itself, of one type or of ANY. */
    List<Record> node(Name name, int type) {
        return records.getOrDefault(name, List.of()).stream()
                .filter(record -> type == Type.ANY || record.getType() == type)
                .toList();
    }

    /** These, with other records at a name; none takes the name away. */
    Zones with(Name name, List<Record> here) {
        Zones all = new Zones(this);
        all.records.remove(name);
        if (!here.isEmpty()) all.records.put(name, new ArrayList<>(here));
        return all;
    }

    /** How a zone is signed; null when it is not. */
    @Nullable ZoneSigning signing(Name zone) {
        return signed.get(zone);
    }

    /** The names of a zone and the types of their records; those of zones below end it. */
    Map<Name, Set<Integer>> names(Name zone) {
        Map<Name, Set<Integer>> names = new TreeMap<>();
        records.forEach(
                (name, here) -> {
                    if (zone.equals(origin(name, Type.ANY))) {
                        Set<Integer> types = new TreeSet<>();
                        here.forEach(record -> types.add(record.getType()));
                        names.put(name, types);
                    }
                });
        Set<Integer> apex = names.computeIfAbsent(zone, _ -> new TreeSet<>());
        apex.addAll(List.of(Type.SOA, Type.NS, Type.DNSKEY));
        for (SOARecord soa : origins) {
            Name child = soa.getName();
            if (!child.equals(zone) && zone.equals(origin(child, Type.DS))) {
                Set<Integer> types = new TreeSet<>(Set.of(Type.NS));
                ds(child).forEach(record -> types.add(record.getType()));
                names.put(child, types);
            }
        }
        return names;
    }

    private List<Record> ds(Name child) {
        ZoneSigning signing = signed.get(child);
        return signing == null ? List.of() : signing.ds();
    }

    /** The wildcard that stands for a name; null when the name has no need of it, or none is. */
    @Nullable Name wildcard(Name name) {
        Name zone = origin(name, Type.ANY);
        if (zone == null || records.containsKey(name) || name.equals(zone) || isAbove(name)) {
            return null;
        }
        try {
            Name at = Name.fromString("*", encloser(name, zone));
            return records.containsKey(at) ? at : null;
        } catch (TextParseException e) {
            return null; // The name would be too long.
        }
    }

    /** The longest name that exists at or above this one. */
    Name encloser(Name name, Name zone) {
        Name at = name;
        while (!at.equals(zone) && !records.containsKey(at) && !isAbove(at)) {
            at = new Name(at, 1);
        }
        return at;
    }

    /**
     * The records of a name, by a wildcard too (RFC 4592); null when there is no such name.
     *
     * @param type DS when the name is asked for as one of the zone above
     */
    private @Nullable List<Record> at(Name name, Name origin, int type) {
        ZoneSigning signing = signed.get(name);
        if (type == Type.DS && !name.equals(origin) && zoneStarts(name)) {
            return ds(name);
        }
        if (type == Type.DNSKEY && name.equals(origin) && signing != null) {
            return List.of(signing.dnskey());
        }
        List<Record> here = records.get(name);
        if (here != null) {
            return here;
        }
        if (name.equals(origin) || isAbove(name)) {
            return List.of();
        }
        for (int cut = 1; name.labels() - cut >= origin.labels(); cut++) {
            List<Record> wild = records.get(name.wild(cut));
            if (wild != null) {
                return wild.stream().map(record -> record.withName(name)).toList();
            }
            Name encloser = new Name(name, cut);
            if (records.containsKey(encloser) || isAbove(encloser)) {
                return null;
            }
        }
        return null;
    }

    private boolean zoneStarts(Name name) {
        return origins.stream().anyMatch(soa -> soa.getName().equals(name));
    }

    private boolean isAbove(Name name) {
        return records.keySet().stream().anyMatch(other -> other.subdomain(name));
    }
}
