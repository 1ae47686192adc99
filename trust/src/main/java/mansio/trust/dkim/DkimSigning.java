package mansio.trust.dkim;

import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

/**
 * Signs one message with one or several keys, with one hash of the body for all: given to a {@link
 * ContentPass} as a reader, and asked for the fields when the pass has ended. Used by one thread.
 */
public final class DkimSigning implements ContentPass.Reader {
    private final Crypto crypto;
    private final Time time;
    private final List<SigningKey> keys;
    private final SigningOptions options;

    /** Null until the header has come, and for good when it is too large. */
    private @Nullable RawHeader header;

    /** Null as long as the header. */
    private @Nullable BodyHash hash;

    /**
     * @param keys each makes a field
     */
    public DkimSigning(Crypto crypto, Time time, List<SigningKey> keys, SigningOptions options) {
        this.crypto = crypto;
        this.time = time;
        this.keys = List.copyOf(keys);
        this.options = options;
    }

    @Override
    public void header(RawHeader whole, BodyHashers bodies) {
        if (whole.isComplete()) {
            header = whole;
            hash = bodies.want(options.body(), OptionalLong.empty());
        }
    }

    /**
     * The DKIM-Signature fields, to stand in front of the message, each ended by CRLF. Empty
     * without keys, and when the header is larger than {@link ContentPass#MAX_HEADER}: such a
     * message leaves unsigned. Computes for about a millisecond a key with the JDK.
     */
    public byte[] fields() {
        RawHeader whole = header;
        BodyHash body = hash;
        if (whole == null || body == null) {
            return new byte[0];
        }
        Instant now = time.now();
        List<String> names = options.signedNames(whole);
        String bodyHash = Base64.getEncoder().encodeToString(body.value());
        StringBuilder fields = new StringBuilder();
        for (SigningKey key : keys) {
            TagWriter out = tags(key, now).list("h", names).tag("bh", bodyHash).signature();
            byte[] data = whole.signedData(names, options.header(), out.unsigned());
            fields.append(out.signed(key.sign(crypto, data)));
        }
        return fields.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private TagWriter tags(SigningKey key, Instant now) {
        TagWriter out =
                new TagWriter("DKIM-Signature")
                        .tag("v", "1")
                        .tag("a", key.algorithm().text())
                        .tag("c", options.header().text() + "/" + options.body().text())
                        .tag("d", key.domain().text())
                        .tag("s", key.selector())
                        .tag("t", Long.toString(now.getEpochSecond()));
        options.lifetime()
                .ifPresent(it -> out.tag("x", Long.toString(now.plus(it).getEpochSecond())));
        return out;
    }
}
