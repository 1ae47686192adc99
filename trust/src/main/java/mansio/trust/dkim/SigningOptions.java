package mansio.trust.dkim;

import mansio.codec.text.Ascii;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a message is signed.
 *
 * @param lifetime how long the signature holds (x=); empty for ever
 * @param headers names of the fields to be signed where they are, in lower case
 * @param oversigned names signed once more than they are there, so that none can be added
 */
public record SigningOptions(
        Canonicalization header,
        Canonicalization body,
        Optional<Duration> lifetime,
        Set<String> headers,
        Set<String> oversigned) {
    /** Fields of one name that are signed, from the bottom. */
    private static final int MAX_OF_A_NAME = 50;

    private static final List<String> OVERSIGNED =
            List.of(
                    "from",
                    "to",
                    "cc",
                    "subject",
                    "date",
                    "message-id",
                    "reply-to",
                    "sender",
                    "in-reply-to",
                    "references",
                    "mime-version",
                    "content-type",
                    "content-transfer-encoding");

    private static final List<String> MORE =
            List.of(
                    "content-disposition",
                    "content-id",
                    "content-description",
                    "content-language",
                    "auto-submitted",
                    "list-id",
                    "list-help",
                    "list-unsubscribe",
                    "list-unsubscribe-post",
                    "list-subscribe",
                    "list-post",
                    "list-owner",
                    "list-archive");

    /** Relaxed both ways, no end, the fields that a reader sees or acts upon. */
    public static final SigningOptions DEFAULT =
            new SigningOptions(
                    Canonicalization.RELAXED,
                    Canonicalization.RELAXED,
                    Optional.empty(),
                    joined(OVERSIGNED, MORE),
                    Set.copyOf(OVERSIGNED));

    public SigningOptions {
        headers = lowered(headers);
        oversigned = lowered(oversigned);
        if (!headers.contains("from")) {
            throw new IllegalArgumentException("From has to be signed");
        }
    }

    private static Set<String> joined(List<String> first, List<String> second) {
        Set<String> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return all;
    }

    private static Set<String> lowered(Set<String> names) {
        Set<String> lower = new LinkedHashSet<>();
        names.forEach(name -> lower.add(Ascii.lower(name)));
        return Collections.unmodifiableSet(lower); // Keeps the order.
    }

    /** The same with a lifetime. */
    public SigningOptions lasting(Duration time) {
        return new SigningOptions(header, body, Optional.of(time), headers, oversigned);
    }

    /** The same with other canonical forms. */
    public SigningOptions with(Canonicalization ofHeader, Canonicalization ofBody) {
        return new SigningOptions(ofHeader, ofBody, lifetime, headers, oversigned);
    }

    /** The h= tag for a header: each field of each name, and one more of those oversigned. */
    public List<String> signedNames(RawHeader whole) {
        List<String> names = new ArrayList<>();
        for (String name : headers) {
            int count = Math.min(MAX_OF_A_NAME, whole.count(name));
            for (int i = 0; i < count; i++) {
                names.add(name);
            }
            if (oversigned.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
