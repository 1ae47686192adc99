package mansio.net.dns;

import mansio.codec.text.Ascii;

import org.xbill.DNS.Rcode;

import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A query as it is sent, and what can be told of a message that comes back before it is read.
 *
 * @param id 0 to 65535
 * @param bytes the message
 * @param questionEnd where its question section ends
 */
record Query(int id, byte[] bytes, int questionEnd) {
    private static final int HEADER = 12;
    private static final int QR = 0x80;
    private static final int OPCODE = 0x78;
    private static final int TC = 0x02;
    private static final int RCODE = 0x0f;

    /**
     * @param mixedCase whether letters of the name are put into upper or lower case by chance
     * @param edns as in {@link Wire#query}
     */
    static Query of(Question question, Wire.Edns edns, boolean mixedCase, RandomGenerator random)
            throws IOException {
        byte[] name = question.name().wire();
        if (mixedCase) {
            mix(name, random);
        }
        int id = random.nextInt(1 << 16);
        byte[] bytes = Wire.query(id, name, question.type(), edns);
        return new Query(id, bytes, HEADER + name.length + 4);
    }

    private static void mix(byte[] name, RandomGenerator random) {
        for (int at = 0; name[at] != 0; at += name[at] + 1) {
            for (int i = at + 1; i <= at + name[at]; i++) {
                if (Ascii.isLetter(name[i]) && random.nextBoolean()) {
                    name[i] ^= 0x20;
                }
            }
        }
    }

    /**
     * Whether a message claims to answer this query: its identifier and its question, in any case.
     * A server that could not read the query may leave the question out; one that denies a name may
     * not, whose letters prove that it saw the query.
     */
    boolean isAnsweredBy(byte[] message) {
        if (message.length < HEADER
                || (message[0] & 0xff) != id >> 8
                || (message[1] & 0xff) != (id & 0xff)
                || (message[2] & QR) == 0
                || (message[2] & OPCODE) != 0) {
            return false;
        }
        return switch (questions(message)) {
            case 0 -> !saysSomething(message[3] & RCODE);
            case 1 -> sameQuestion(message);
            default -> false;
        };
    }

    private static boolean saysSomething(int code) {
        return code == Rcode.NOERROR || code == Rcode.NXDOMAIN;
    }

    private static int questions(byte[] message) {
        return (message[4] & 0xff) << 8 | (message[5] & 0xff);
    }

    private boolean sameQuestion(byte[] message) {
        if (message.length < questionEnd) {
            return false;
        }
        for (int i = HEADER; i < questionEnd; i++) {
            if (lower(message[i]) != lower(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    // Length octets are below the letters; type and class of our questions are none either, or
    // equal in both.
    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }

    /** Whether the letters of the question came back as they were sent. */
    boolean keepsCase(byte[] message) {
        return questions(message) == 0
                || Arrays.equals(message, HEADER, questionEnd, bytes, HEADER, questionEnd);
    }

    /**
     * The message with its question in lower case, and so all names that lean on it (RFC 1035
     * section 4.1.4): the mixed case has done its work.
     */
    byte[] inLowerCase(byte[] message) {
        byte[] lower = message.clone();
        if (questions(message) == 1) {
            for (int i = HEADER; i < questionEnd - 4; i++) {
                lower[i] = (byte) lower(lower[i]);
            }
        }
        return lower;
    }

    /** Whether there is more than a datagram took. */
    static boolean isCut(byte[] message) {
        return (message[2] & TC) != 0;
    }
}
