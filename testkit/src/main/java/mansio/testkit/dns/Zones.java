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
import java.util.TreeMap;

/**
 * The contents of a DNS: zones in the format of RFC 1035 section 5, and how the server behaves at
 * some names. A line {@code ;! NAME BEHAVIOUR [AMOUNT]} says how: {@code ;! slow.example. delay
 * 500}; {@code *.example.} stands for all names below, {@code *} for all. Immutable.
 */
final class Zones {
    private static final String BEHAVIOUR = ";!";
    private static final long DEFAULT_TTL = 300;
    private static final int MAX_CHAIN = 20;

    private final List<SOARecord> origins = new ArrayList<>();
    private final Map<Name, List<Record>> records = new TreeMap<>();
    private final Map<String, List<Behaviour>> behaviours = new LinkedHashMap<>();

    /** What the zones say to a question. */
    record Found(boolean nameExists, List<Record> answers, @Nullable SOARecord soa) {}

    /** No zone: every question is refused. */
    Zones() {}

    private Zones(Zones other) {
        origins.addAll(other.origins);
        other.records.forEach((name, here) -> records.put(name, new ArrayList<>(here)));
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
        origins.add(soa == null ? start(origin) : soa);
        for (String line : text.lines().toList()) {
            if (line.startsWith(BEHAVIOUR)) {
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
            SOARecord soa = zoneOf(name);
            boolean alone = step > 0 && !behaviours(name).isEmpty();
            if (soa == null || alone) {
                return step == 0 ? null : new Found(true, answers, null);
            }
            List<Record> here = at(name, soa.getName());
            if (here == null) {
                return new Found(false, answers, soa);
            }
            List<Record> wanted =
                    here.stream()
                            .filter(record -> record.getType() == type || type == Type.ANY)
                            .toList();
            answers.addAll(wanted);
            if (!wanted.isEmpty()) {
                return new Found(true, answers, null);
            }
            CNAMERecord cname = cname(here);
            if (cname == null) {
                return new Found(true, answers, soa);
            }
            answers.add(cname);
            name = cname.getTarget();
        }
        return new Found(true, answers, null);
    }

    private static @Nullable CNAMERecord cname(List<Record> here) {
        for (Record record : here) {
            if (record instanceof CNAMERecord cname) {
                return cname;
            }
        }
        return null;
    }

    private @Nullable SOARecord zoneOf(Name name) {
        SOARecord best = null;
        for (SOARecord soa : origins) {
            if (name.subdomain(soa.getName())
                    && (best == null || soa.getName().labels() > best.getName().labels())) {
                best = soa;
            }
        }
        return best;
    }

    /** The records of a name, by a wildcard too (RFC 4592); null when there is no such name. */
    private @Nullable List<Record> at(Name name, Name origin) {
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

    private boolean isAbove(Name name) {
        return records.keySet().stream().anyMatch(other -> other.subdomain(name));
    }
}
