package mansio.trust.dkim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Signatures with any tags, right in their numbers: what a hostile or odd signer would make. */
final class Made {
    private final SigningKey key;
    private String tags = "";
    private String names = "from";
    private Canonicalization form = Canonicalization.RELAXED;
    private OptionalLong length = OptionalLong.empty();

    Made(SigningKey key) {
        this.key = key;
        tags =
                "v=1; a="
                        + key.algorithm().text()
                        + "; c=relaxed/relaxed; d="
                        + key.domain()
                        + "; s="
                        + key.selector();
    }

    /** All tags but h=, bh= and b=. */
    Made tags(String all) {
        tags = all;
        return this;
    }

    Made and(String more) {
        tags += "; " + more;
        return this;
    }

    Made names(String colonSeparated) {
        names = colonSeparated;
        return this;
    }

    Made simple() {
        tags = tags.replace("relaxed/relaxed", "simple/simple");
        form = Canonicalization.SIMPLE;
        return this;
    }

    /** Adds l= and signs so many octets. */
    Made length(long octets) {
        length = OptionalLong.of(octets);
        return and("l=" + octets);
    }

    /** The signature field for a message. */
    byte[] field(byte[] message) {
        RawHeader header = RawHeader.parse(message);
        BodyHashers bodies = new BodyHashers(Crypto.jdk());
        BodyHash hash = bodies.want(form, length);
        int body = new String(message, UTF_8).indexOf("\r\n\r\n") + 4;
        bodies.feed(message, body, message.length - body);
        bodies.end();
        String bh = Base64.getEncoder().encodeToString(hash.value());
        String unsigned =
                "DKIM-Signature: " + tags + "; h=" + names + ";\r\n bh=" + bh + ";\r\n b=";
        List<String> list = new ArrayList<>();
        Arrays.stream(names.split(":")).forEach(it -> list.add(it.toLowerCase(Locale.ROOT)));
        byte[] data = header.signedData(list, form, RawField.of(unsigned));
        String b = Base64.getEncoder().encodeToString(key.sign(Crypto.jdk(), data));
        return (unsigned + b + "\r\n").getBytes(UTF_8);
    }

    /** The message with its signature in front. */
    byte[] on(byte[] message) {
        return Samples.joined(field(message), message);
    }
}
