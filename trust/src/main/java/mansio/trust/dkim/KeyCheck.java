package mansio.trust.dkim;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsRecord;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * Whether a claim holds with what the DNS says of its key (RFC 6376 section 6.1.2).
 *
 * @param reason in words; empty when it passes
 * @param keyBits size of the key used; 0 when there was none
 * @param testing the key says that the domain is trying out
 */
public record KeyCheck(DkimState state, String reason, int keyBits, boolean testing) {
    /** Records at one selector that are tried. */
    static final int MAX_RECORDS = 4;

    /**
     * What is asked.
     *
     * @param data what is signed; shared, not changed
     * @param exactDomain i= is in the very domain of d=, as t=s of a key wants
     */
    public record Question(Claim claim, byte[] data, boolean exactDomain) {}

    /** Answers with what was found at {@link Claim#keyName()}. */
    public static KeyCheck of(Question question, Answer answer, Crypto crypto) {
        return switch (answer) {
            case Answer.Found found -> any(question, found.of(DnsRecord.Txt.class), crypto);
            case Answer.NoData _, Answer.NoSuchName _ ->
                    no(DkimState.PERMERROR, "there is no key at the selector", null);
            case Answer.Failed failed ->
                    no(DkimState.TEMPERROR, "the key: " + failed.reason(), null);
        };
    }

    /** Several records: one that holds is enough, else the first that is a key tells why. */
    private static KeyCheck any(Question question, List<DnsRecord.Txt> records, Crypto crypto) {
        KeyCheck first = no(DkimState.PERMERROR, "there is no key at the selector", null);
        boolean met = false;
        for (DnsRecord.Txt record : records.subList(0, Math.min(MAX_RECORDS, records.size()))) {
            String text = new String(record.octets(), StandardCharsets.UTF_8);
            KeyCheck check = one(question, text, crypto);
            if (check.state == DkimState.PASS) {
                return check;
            }
            if (!met || (first.keyBits == 0 && check.keyBits > 0)) {
                first = check;
                met = true;
            }
        }
        return first;
    }

    private static KeyCheck one(Question question, String text, Crypto crypto) {
        KeyRecord record;
        try {
            record = KeyRecord.parse(text, crypto);
        } catch (SyntaxException e) {
            return no(DkimState.PERMERROR, "the key: " + e.getMessage(), null);
        }
        PublicKey key = record.key();
        if (key == null) {
            return no(DkimState.PERMERROR, "the key was revoked", record);
        }
        Optional<String> badSize = record.badSize();
        if (badSize.isPresent()) {
            return no(DkimState.PERMERROR, badSize.get(), record);
        }
        if (record.algorithm() != question.claim.algorithm()) {
            return no(DkimState.PERMERROR, "the key is of another algorithm", record);
        }
        if (record.exactDomain() && !question.exactDomain) {
            return no(DkimState.PERMERROR, "the key is not for subdomains (t=s)", record);
        }
        return crypto.verify(question.claim, key, question.data)
                ? new KeyCheck(DkimState.PASS, "", record.bits(), record.testing())
                : no(DkimState.FAIL, "the signature does not match the header", record);
    }

    private static KeyCheck no(DkimState state, String reason, @Nullable KeyRecord record) {
        return record == null
                ? new KeyCheck(state, reason, 0, false)
                : new KeyCheck(state, reason, record.bits(), record.testing());
    }
}
