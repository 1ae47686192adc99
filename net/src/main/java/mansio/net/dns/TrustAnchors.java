package mansio.net.dns;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The keys that all trust in DNSSEC begins with: those of the root.
 *
 * @param text DS or DNSKEY records in the format of RFC 1035 section 5
 */
public record TrustAnchors(String text) {
    /** The keys of the world's root, as IANA publishes them (RFC 9718): KSK-2017 and KSK-2024. */
    public static TrustAnchors ofTheWorld() {
        try (InputStream in =
                Objects.requireNonNull(
                        TrustAnchors.class.getResourceAsStream("root-anchors.zone"))) {
            return new TrustAnchors(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
