package mansio.testkit.dns;

import mansio.testkit.dns.Behaviour.Kind;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Answers messages out of {@link Zones}: what both the fake and the real server are. */
final class Responder {
    private static final int HEADER = 12;
    private static final int PLAIN_UDP = 512;
    private static final long TTL = 300;

    private Responder() {}

    /**
     * What the server does about a query.
     *
     * @param delay before anything is sent
     * @param messages to send, in order; none when it keeps silent
     * @param end how a stream ends
     */
    record Reaction(Duration delay, List<byte[]> messages, End end) {
        /** Over a stream. */
        enum End {
            CLEAN,
            /** The message is announced and only half of it sent. */
            CUT,
            /** The connection was never taken. */
            REFUSED
        }
    }

    /** The zones, and whether the query came over a stream. */
    static Reaction react(Zones zones, byte[] bytes, boolean stream) throws IOException {
        Message query = new Message(bytes);
        Record question = query.getQuestion();
        if (question == null) {
            return new Reaction(Duration.ZERO, List.of(), Reaction.End.CLEAN);
        }
        Behaviours behaviours = new Behaviours(zones.behaviours(question.getName()));
        Reaction.End end = Reaction.End.CLEAN;
        if (behaviours.have(Kind.NO_STREAM)) {
            end = Reaction.End.REFUSED;
        } else if (behaviours.have(Kind.HANG_UP)) {
            end = Reaction.End.CUT;
        }
        Duration delay = Duration.ofMillis(behaviours.amount(Kind.DELAY));
        if (behaviours.have(Kind.DROP) || (stream && behaviours.have(Kind.DROP_STREAM))) {
            return new Reaction(delay, List.of(), end);
        }
        Message reply = reply(zones, query, question, behaviours);
        int max = stream ? 65_535 : size(query);
        byte[] message = reply.toWire(max);
        int questionEnd = HEADER + question.getName().length() + 4;
        return new Reaction(delay, distorted(message, questionEnd, behaviours, stream), end);
    }

    private record Behaviours(List<Behaviour> all) {
        boolean have(Kind kind) {
            return all.stream().anyMatch(one -> one.kind() == kind);
        }

        SignedAnswer signer(Zones zones) {
            ZoneKey.Fault fault = ZoneKey.Fault.NONE;
            if (have(Kind.EXPIRED)) {
                fault = ZoneKey.Fault.EXPIRED;
            } else if (have(Kind.NOT_YET)) {
                fault = ZoneKey.Fault.NOT_YET;
            } else if (have(Kind.WRONG_SIGNATURE)) {
                fault = ZoneKey.Fault.WRONG;
            }
            int wrong = amount(Kind.MANY_SIGNATURES);
            return new SignedAnswer(zones, fault, wrong, !have(Kind.NO_DENIAL));
        }

        int amount(Kind kind) {
            return all.stream()
                    .filter(one -> one.kind() == kind)
                    .mapToInt(Behaviour::amount)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static int size(Message query) {
        OPTRecord opt = query.getOPT();
        return opt == null ? PLAIN_UDP : Math.max(PLAIN_UDP, opt.getPayloadSize());
    }

    private static Message reply(Zones zones, Message query, Record question, Behaviours behaviours)
            throws IOException {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        if (!behaviours.have(Kind.NO_RECURSION)) {
            reply.getHeader().setFlag(Flags.RA);
        }
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        if (!behaviours.have(Kind.NO_QUESTION)) {
            reply.addRecord(question, Section.QUESTION);
        }
        boolean edns = query.getOPT() != null;
        if (edns && behaviours.have(Kind.NO_EDNS)) {
            reply.getHeader().setRcode(Rcode.FORMERR);
            return reply;
        }
        int failure = failure(behaviours);
        if (failure != Rcode.NOERROR) {
            reply.getHeader().setRcode(failure);
        } else {
            Zones.@Nullable Found found = fill(reply, zones, question, behaviours);
            if (found != null && wantsSignatures(query) && !behaviours.have(Kind.STRIP)) {
                behaviours.signer(zones).addTo(reply, found, question.getType());
            }
        }
        if (edns) {
            reply.addRecord(
                    behaviours.have(Kind.BOGUS)
                            ? new OPTRecord(
                                    1232,
                                    0,
                                    0,
                                    0,
                                    List.of(
                                            new ExtendedErrorCodeOption(
                                                    ExtendedErrorCodeOption.DNSSEC_BOGUS)))
                            : new OPTRecord(1232, 0, 0, query.getOPT().getFlags()),
                    Section.ADDITIONAL);
        }
        if (behaviours.have(Kind.SECURE)) {
            reply.getHeader().setFlag(Flags.AD);
        }
        return reply;
    }

    private static int failure(Behaviours behaviours) {
        if (behaviours.have(Kind.SERVFAIL) || behaviours.have(Kind.BOGUS)) {
            return Rcode.SERVFAIL;
        }
        if (behaviours.have(Kind.REFUSED)) {
            return Rcode.REFUSED;
        }
        if (behaviours.have(Kind.NOTIMP)) {
            return Rcode.NOTIMP;
        }
        return behaviours.have(Kind.NXDOMAIN) ? Rcode.NXDOMAIN : Rcode.NOERROR;
    }

    private static boolean wantsSignatures(Message query) {
        OPTRecord opt = query.getOPT();
        return opt != null && (opt.getFlags() & ExtendedFlags.DO) != 0;
    }

    /** Gives what was found, when that is what the reply says. */
    private static Zones.@Nullable Found fill(
            Message reply, Zones zones, Record question, Behaviours behaviours) throws IOException {
        Name name = question.getName();
        if (behaviours.have(Kind.LOOP)) {
            Name a = Name.fromString("loop-a", name);
            Name b = Name.fromString("loop-b", name);
            reply.addRecord(new CNAMERecord(name, DClass.IN, TTL, a), Section.ANSWER);
            reply.addRecord(new CNAMERecord(a, DClass.IN, TTL, b), Section.ANSWER);
            reply.addRecord(new CNAMERecord(b, DClass.IN, TTL, a), Section.ANSWER);
        } else if (behaviours.have(Kind.OVERSIZE)) {
            for (int i = 0; i < behaviours.amount(Kind.OVERSIZE); i++) {
                byte[] octets = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                reply.addRecord(
                        new ARecord(name, DClass.IN, TTL, InetAddress.getByAddress(octets)),
                        Section.ANSWER);
            }
        } else if (behaviours.have(Kind.REFERRAL)) {
            Name server = Name.fromString("ns.elsewhere.example.");
            reply.addRecord(new NSRecord(name, DClass.IN, TTL, server), Section.AUTHORITY);
        } else if (behaviours.have(Kind.UNRELATED)) {
            Name other = Name.fromString("unrelated.example.");
            InetAddress address = InetAddress.ofLiteral("192.0.2.99");
            reply.addRecord(new ARecord(other, DClass.IN, TTL, address), Section.ANSWER);
        } else {
            Zones.@Nullable Found found = zones.find(name, question.getType());
            if (found == null) {
                reply.getHeader().setRcode(Rcode.REFUSED);
                return null;
            }
            found.answers().forEach(record -> reply.addRecord(record, Section.ANSWER));
            SOARecord soa = found.soa();
            if (soa != null && behaviours.have(Kind.FOREIGN_SOA)) {
                Name elsewhere = Name.fromString("elsewhere.example.");
                reply.addRecord(soa.withName(elsewhere), Section.AUTHORITY);
            } else if (soa != null && !behaviours.have(Kind.NO_SOA)) {
                reply.addRecord(soa, Section.AUTHORITY);
            }
            if (!found.nameExists() || behaviours.have(Kind.DENY)) {
                reply.getHeader().setRcode(Rcode.NXDOMAIN);
            }
            return found;
        }
        return null;
    }

    private static List<byte[]> distorted(
            byte[] message, int questionEnd, Behaviours behaviours, boolean stream) {
        byte[] main = message;
        if (behaviours.have(Kind.ALWAYS_TRUNCATE) || (behaviours.have(Kind.TRUNCATE) && !stream)) {
            main = Arrays.copyOf(main, questionEnd);
            main[2] |= 2;
            Arrays.fill(main, 6, HEADER, (byte) 0);
        }
        if (behaviours.have(Kind.GARBAGE)) {
            main = Arrays.copyOf(main, questionEnd + 64);
            Arrays.fill(main, questionEnd, main.length, (byte) 0xc7);
            main[7] = 3;
        }
        if (behaviours.have(Kind.LOWER_CASE)) {
            main = lowerCase(main, questionEnd);
        }
        if (behaviours.have(Kind.WRONG_ID)) {
            main = wrongId(main);
        }
        if (behaviours.have(Kind.WRONG_QUESTION)) {
            main = wrongQuestion(main);
        }
        List<byte[]> messages = new ArrayList<>();
        if (behaviours.have(Kind.RACE) && !stream) {
            messages.add(new byte[] {1, 2, 3});
            messages.add(new byte[0]);
            messages.add(wrongId(message));
            messages.add(wrongQuestion(message));
        }
        messages.add(main);
        return messages;
    }

    private static byte[] wrongId(byte[] message) {
        byte[] wrong = message.clone();
        wrong[0] ^= 0x55;
        return wrong;
    }

    /** Another first letter; a question for the root stays as it is. */
    private static byte[] wrongQuestion(byte[] message) {
        byte[] wrong = message.clone();
        wrong[HEADER + 1] ^= 1;
        return wrong;
    }

    private static byte[] lowerCase(byte[] message, int questionEnd) {
        byte[] lower = message.clone();
        for (int i = HEADER; i < questionEnd - 4; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (byte) (lower[i] + 32);
            }
        }
        return lower;
    }
}
