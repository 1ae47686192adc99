package mansio.trust.dkim;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Question;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;
import mansio.net.time.Threads;
import mansio.testkit.time.FakeTime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages, keys in a DNS of a map, and a clock: what tests of signatures need. */
public final class Samples implements Resolver {
    /** Runs what is started at once: a fake clock cannot wait for another thread. */
    private static final Threads AT_ONCE =
            (_, task) -> {
                task.run();
                return Thread.currentThread();
            };

    private final Map<DnsName, List<String>> records = new HashMap<>();
    private final Map<DnsName, Answer> others = new HashMap<>();
    private final List<DnsName> asked = new ArrayList<>();
    private final FakeTime time = new FakeTime();

    /** A clock that shows this time, and no keys. */
    public Samples(Instant now) {
        time.setNow(now);
    }

    /** Publishes one more TXT record. */
    public Samples publish(String name, String text) {
        records.computeIfAbsent(DnsName.parse(name), _ -> new ArrayList<>()).add(text);
        return this;
    }

    /** Publishes the key where its signer says. */
    public Samples publish(SigningKey key, String record) {
        return publish(key.selector() + "._domainkey." + key.domain().text(), record);
    }

    /** Gives another answer at a name. */
    public Samples answer(String name, Answer answer) {
        others.put(DnsName.parse(name), answer);
        return this;
    }

    /** Forgets the records of a name. */
    public Samples clear(String name) {
        records.remove(DnsName.parse(name));
        return this;
    }

    public FakeTime time() {
        return time;
    }

    /** The names looked up so far. */
    public List<DnsName> asked() {
        return asked;
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        DnsName name = question.name();
        asked.add(name);
        if (others.containsKey(name)) {
            return others.get(name);
        }
        List<DnsRecord> found = new ArrayList<>();
        for (String text : records.getOrDefault(name, List.of())) {
            String octets = new String(text.getBytes(UTF_8), StandardCharsets.ISO_8859_1);
            found.add(new DnsRecord.Txt(name, 60, KeyMaterial.strings(octets)));
        }
        return found.isEmpty()
                ? new Answer.NoSuchName(name, Security.UNCHECKED)
                : new Answer.Found(found, name, Security.UNCHECKED);
    }

    public Surroundings surroundings() {
        return surroundings(Crypto.jdk());
    }

    public Surroundings surroundings(Crypto crypto) {
        return new Surroundings(this, time, AT_ONCE, crypto);
    }

    /** The deadline that tests give. */
    public long deadline() {
        return time.nanos() + 20_000_000_000L;
    }

    /** Verifies a whole message. */
    public List<DkimResult> verify(byte[] message) {
        return verify(message, List.of(message.length));
    }

    /** Verifies a message that comes in pieces of these sizes, again and again. */
    public List<DkimResult> verify(byte[] message, List<Integer> sizes) {
        DkimVerification dkim = new DkimVerification(surroundings());
        pass(message, sizes, dkim);
        return dkim.results(deadline());
    }

    /** Verifies text whose lines end with LF here. */
    public List<DkimResult> verify(String text) {
        return verify(crlf(text));
    }

    /** Reads a message in pieces. */
    public static void pass(byte[] message, List<Integer> sizes, ContentPass.Reader... readers) {
        ContentPass pass = new ContentPass(Crypto.jdk(), List.of(readers));
        int at = 0;
        for (int i = 0; at < message.length; i++) {
            int n = Math.min(sizes.get(i % sizes.size()), message.length - at);
            pass.feed(message, at, n);
            at += n;
        }
        pass.end();
    }

    /** Signs, and gives the message with its new fields in front. */
    public byte[] sign(byte[] message, SigningOptions options, SigningKey... keys) {
        DkimSigning signing = new DkimSigning(Crypto.jdk(), time, List.of(keys), options);
        pass(message, List.of(message.length + 1), signing);
        return joined(signing.fields(), message);
    }

    public static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** The octets of text, each line ended by CRLF. */
    public static byte[] crlf(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(UTF_8);
    }

    /** A file beside the tests. */
    public static String resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
