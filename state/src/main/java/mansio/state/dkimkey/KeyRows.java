package mansio.state.dkimkey;

import mansio.codec.text.Domain;
import mansio.state.store.Key;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.trust.dkim.Canonicalization;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values of this room in the directory partition. Each value begins with a format number.
 *
 * <pre>
 * 40 domain/selector -> DkimKey
 * 41 domain          -> DomainSigning
 * 42 domain/selector -> the private key (PKCS#8), sealed
 * </pre>
 */
final class KeyRows {
    static final Key KEYS = Key.table(40);
    static final Key SETTINGS = Key.table(41);

    private static final Key SECRETS = Key.table(42);
    private static final int FORMAT = 1;

    private KeyRows() {}

    static Key key(KeyName name) {
        return KEYS.text(text(name));
    }

    static Key secret(KeyName name) {
        return SECRETS.text(text(name));
    }

    private static String text(KeyName name) {
        return name.domain().text() + "/" + name.selector();
    }

    static Key settings(Domain domain) {
        return SETTINGS.text(domain.text());
    }

    static byte[] encode(DkimKey key) {
        DkimKey.Life life = key.life();
        ValueWriter out =
                new ValueWriter()
                        .u8(FORMAT)
                        .text(key.name().domain().text())
                        .text(key.name().selector())
                        .u8(key.algorithm().family().code())
                        .varint(key.algorithm().bits())
                        .text(key.record())
                        .varint(key.senders().size());
        key.senders().forEach(it -> out.text(it.text()));
        return out.optionalText(key.replaces())
                .u8(life.state().code())
                .instant(life.made())
                .instant(life.since())
                .varint(life.lasts().toSeconds())
                .u8(life.pace().code())
                .toBytes();
    }

    static DkimKey key(byte[] value) {
        ValueReader in = reader(value);
        KeyName name = new KeyName(new Domain(in.text()), in.text());
        KeyAlgorithm algorithm =
                new KeyAlgorithm(KeyAlgorithm.Family.of(in.u8()), (int) in.varint());
        String record = in.text();
        List<SenderPattern> senders = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) senders.add(new SenderPattern(in.text()));
        return new DkimKey(
                name,
                algorithm,
                record,
                senders,
                in.optionalText(),
                new DkimKey.Life(
                        KeyState.of(in.u8()),
                        in.instant(),
                        in.instant(),
                        Duration.ofSeconds(in.varint()),
                        DkimKey.Pace.of(in.u8())));
    }

    static byte[] encode(DomainSigning signing) {
        return new ValueWriter()
                .u8(FORMAT)
                .u8(code(signing.header()))
                .u8(code(signing.body()))
                .varint(signing.expiry().map(Duration::toSeconds).orElse(0L))
                .toBytes();
    }

    static DomainSigning settings(byte[] value) {
        ValueReader in = reader(value);
        Canonicalization header = form(in.u8());
        Canonicalization body = form(in.u8());
        long expiry = in.varint();
        return new DomainSigning(
                header,
                body,
                expiry == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(expiry)));
    }

    private static int code(Canonicalization form) {
        return switch (form) {
            case SIMPLE -> 1;
            case RELAXED -> 2;
        };
    }

    private static Canonicalization form(int code) {
        return switch (code) {
            case 1 -> Canonicalization.SIMPLE;
            case 2 -> Canonicalization.RELAXED;
            default -> throw new IllegalStateException("canonicalization " + code);
        };
    }

    private static ValueReader reader(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("key row of format " + format);
        return in;
    }
}
