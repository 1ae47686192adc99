package mansio.testkit.dns;

import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.spec.SecretKeySpec;

/**
 * Dynamic updates as a server takes them (RFC 2136 section 3), for who has the key (RFC 8945): what
 * {@link FakeDns} and {@link ZoneServer} do with them. Immutable.
 *
 * @param key its name
 * @param algorithm such as {@code hmac-sha256}
 * @param secret in Base64
 * @param fault what the server does wrong
 */
public record Updates(String key, String algorithm, String secret, Fault fault) {
    private static final int AFTER_MAC = 6;

    /** What is wrong with the server. */
    public enum Fault {
        NONE,
        /** The key may change nothing. */
        REFUSED,
        /** It knows no updates. */
        NOTIMP,
        /** It is not the primary server of the zone. */
        NOTAUTH,
        SERVFAIL,
        /** Its clock is an hour ahead. */
        CLOCK,
        /** Its answers are not signed. */
        UNSIGNED,
        /** Its answers are signed wrongly. */
        WRONG_SIGNATURE,
        /** It does as it is told, and the answer is lost. */
        SILENT
    }

    /** A server without faults. */
    public static Updates of(String key, String secret) {
        return new Updates(key, "hmac-sha256", secret, Fault.NONE);
    }

    /** The same with a fault. */
    public Updates with(Fault other) {
        return new Updates(key, algorithm, secret, other);
    }

    /**
     * What became of a message.
     *
     * @param answer null when there is none
     */
    record Outcome(Zones zones, byte @Nullable [] answer) {}

    static boolean isUpdate(byte[] message) {
        return message.length > 2 && (message[2] >> 3 & 15) == Opcode.UPDATE;
    }

    Outcome react(Zones zones, byte[] bytes, Time time) throws IOException {
        Message query = new Message(bytes);
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setOpcode(Opcode.UPDATE);
        query.getSection(Section.QUESTION).forEach(it -> reply.addRecord(it, Section.QUESTION));
        TSIG signer = signer(clock(time));
        int trust = query.getTSIG() == null ? -1 : signer.verify(query, bytes, null);
        Zones after = zones;
        if (trust < 0) {
            reply.getHeader().setRcode(Rcode.REFUSED);
        } else if (trust != Rcode.NOERROR) {
            reply.getHeader().setRcode(Rcode.NOTAUTH);
        } else if (fault == Fault.NOTIMP) {
            reply.getHeader().setRcode(Rcode.NOTIMP);
        } else {
            Attempt attempt = new Attempt(zones, query);
            int code = attempt.code(fault);
            reply.getHeader().setRcode(code);
            if (code == Rcode.NOERROR) after = attempt.made();
        }
        if (fault == Fault.SILENT) return new Outcome(after, null);
        boolean plain = trust < 0 || fault == Fault.UNSIGNED || fault == Fault.NOTIMP;
        if (!plain) signer.apply(reply, trust, query.getTSIG());
        byte[] answer = reply.toWire();
        if (fault == Fault.WRONG_SIGNATURE) answer[answer.length - AFTER_MAC - 1] ^= 1;
        return new Outcome(after, answer);
    }

    private TSIG signer(Clock clock) throws IOException {
        String platform = "Hmac" + algorithm.substring("hmac-".length()).toUpperCase(Locale.ROOT);
        return new TSIG(
                Name.fromString(algorithm, Name.root),
                Name.fromString(key, Name.root),
                new SecretKeySpec(Base64.getDecoder().decode(secret), platform),
                clock);
    }

    private Clock clock(Time time) {
        Duration ahead = fault == Fault.CLOCK ? Duration.ofHours(1) : Duration.ZERO;
        Instant now = time.now().plus(ahead);
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    /** One update. Names and codes are those of RFC 2136 sections 3.1 to 3.4. */
    private static final class Attempt {
        private final Message update;
        private Zones zones;

        Attempt(Zones zones, Message update) {
            this.zones = zones;
            this.update = update;
        }

        int code(Fault fault) {
            List<Record> zone = update.getSection(Section.ZONE);
            if (zone.size() != 1 || zone.getFirst().getType() != Type.SOA) return Rcode.FORMERR;
            Name name = zone.getFirst().getName();
            if (!zones.isOrigin(name) || fault == Fault.NOTAUTH) return Rcode.NOTAUTH;
            int code = prerequisites(name);
            if (code != Rcode.NOERROR) return code;
            if (fault == Fault.REFUSED) return Rcode.REFUSED;
            for (Record record : update.getSection(Section.UPDATE)) {
                if (!name.equals(zones.origin(record.getName(), Type.ANY))) return Rcode.NOTZONE;
            }
            return fault == Fault.SERVFAIL ? Rcode.SERVFAIL : Rcode.NOERROR;
        }

        private int prerequisites(Name zone) {
            Map<String, List<Record>> sets = new TreeMap<>();
            for (Record record : update.getSection(Section.PREREQ)) {
                Name name = record.getName();
                if (!name.subdomain(zone)) return Rcode.NOTZONE;
                if (record.getTTL() != 0) return Rcode.FORMERR;
                int type = record.getType();
                boolean there = !zones.node(name, type).isEmpty();
                switch (record.getDClass()) {
                    case DClass.ANY -> {
                        if (!there) return type == Type.ANY ? Rcode.NXDOMAIN : Rcode.NXRRSET;
                    }
                    case DClass.NONE -> {
                        if (there) return type == Type.ANY ? Rcode.YXDOMAIN : Rcode.YXRRSET;
                    }
                    default ->
                            sets.computeIfAbsent(name + " " + type, _ -> new ArrayList<>())
                                    .add(record);
                }
            }
            for (List<Record> set : sets.values()) {
                Record one = set.getFirst();
                List<Record> there = zones.node(one.getName(), one.getType());
                boolean same =
                        there.size() == set.size()
                                && set.stream()
                                        .allMatch(
                                                it ->
                                                        there.stream()
                                                                .anyMatch(that -> same(it, that)));
                if (!same) return Rcode.NXRRSET;
            }
            return Rcode.NOERROR;
        }

        /** Octets of classes that differ: an update says NONE for what is to go. */
        private static boolean same(Record one, Record other) {
            return Arrays.equals(one.rdataToWireCanonical(), other.rdataToWireCanonical());
        }

        Zones made() {
            for (Record record : update.getSection(Section.UPDATE)) {
                Name name = record.getName();
                List<Record> here = new ArrayList<>(zones.node(name, Type.ANY));
                int type = record.getType();
                switch (record.getDClass()) {
                    case DClass.ANY ->
                            here.removeIf(it -> type == Type.ANY || it.getType() == type);
                    case DClass.NONE ->
                            here.removeIf(it -> it.getType() == type && same(it, record));
                    default -> {
                        here.removeIf(it -> it.getType() == type && same(it, record));
                        boolean alias = here.stream().anyMatch(it -> it.getType() == Type.CNAME);
                        if (!alias) here.add(record);
                    }
                }
                zones = zones.with(name, here);
            }
            return zones;
        }
    }
}
