package mansio.state.directory;

import mansio.codec.sasl.ScramKeys;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.state.store.AccountId;
import mansio.state.store.Key;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keys and values of the directory partition. Each value begins with a format number.
 *
 * <pre>
 * 1 domain                      -> DomainEntry
 * 2 domain 0 folded-local-part  -> AddressEntry
 * 3 account                     -> AccountEntry
 * 4 account                     -> Credentials
 * 5 name                        -> setting
 * 6 account                     -> account: its mail is still to be erased
 * 7 token                       -> a sender too long for a reverse-path: ReturnPaths
 * </pre>
 *
 * Tags 8 to 31 are kept for this room; other rooms that keep something in this partition take
 * higher ones.
 */
final class Rows {
    static final Key DOMAINS = Key.table(1);
    static final Key ADDRESSES = Key.table(2);
    static final Key ACCOUNTS = Key.table(3);
    static final Key CREDENTIALS = Key.table(4);
    static final Key SETTINGS = Key.table(5);
    static final Key ERASURES = Key.table(6);
    static final Key LONG_SENDERS = Key.table(7);

    private static final int FORMAT = 1;
    private static final int OF_ACCOUNT = 0;
    private static final int ALIAS = 1;
    private static final int ALIAS_WITH_COMMENT = 2;
    private static final int FORMAT_ALIAS_OF = 2;

    private Rows() {}

    static Key domain(Domain domain) {
        return DOMAINS.text(domain.text());
    }

    static Key address(AddressKey key) {
        return ADDRESSES.text(key.domain().text()).u8(0).text(key.localPart());
    }

    static Key account(AccountId id) {
        return ACCOUNTS.u64(id.value());
    }

    static Key credentials(AccountId id) {
        return CREDENTIALS.u64(id.value());
    }

    static Key setting(String name) {
        return SETTINGS.text(name);
    }

    static Key erasure(AccountId id) {
        return ERASURES.u64(id.value());
    }

    static byte[] encodeErasure(AccountId id) {
        return new ValueWriter().u8(FORMAT).u64(id.value()).toBytes();
    }

    static AccountId erasure(byte[] value) {
        return new AccountId(open(value).u64());
    }

    static Key longSender(String token) {
        return LONG_SENDERS.text(token);
    }

    static byte[] encode(DomainEntry entry) {
        ValueWriter out = new ValueWriter().u8(FORMAT_ALIAS_OF).text(entry.domain().text());
        out.flag(entry.admin().isPresent());
        entry.admin().ifPresent(admin -> out.u64(admin.value()));
        out.text(entry.separators()).flag(entry.catchAll().isPresent());
        entry.catchAll().ifPresent(address -> write(out, address));
        out.optionalText(entry.aliasOf().map(Domain::text));
        return out.instant(entry.created()).toBytes();
    }

    static DomainEntry domain(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT && format != FORMAT_ALIAS_OF) {
            throw new IllegalStateException("domain of format " + format);
        }
        return new DomainEntry(
                new Domain(in.text()),
                in.flag() ? Optional.of(new AccountId(in.u64())) : Optional.empty(),
                in.text(),
                in.flag() ? Optional.of(readAddress(in)) : Optional.empty(),
                format == FORMAT ? Optional.empty() : in.optionalText().map(Domain::new),
                in.instant());
    }

    static byte[] encode(AddressEntry entry) {
        ValueWriter out = new ValueWriter().u8(FORMAT);
        write(out, entry.address());
        switch (entry) {
            case AddressEntry.OfAccount(Address _, AccountId account) ->
                    out.u8(OF_ACCOUNT).u64(account.value());
            case AddressEntry.Alias alias -> {
                out.u8(ALIAS_WITH_COMMENT).flag(alias.enabled()).text(alias.comment());
                out.varint(alias.targets().size());
                alias.targets().forEach(target -> write(out, target));
            }
        }
        return out.toBytes();
    }

    static AddressEntry address(byte[] value) {
        ValueReader in = open(value);
        Address address = readAddress(in);
        int kind = in.u8();
        return switch (kind) {
            case OF_ACCOUNT -> new AddressEntry.OfAccount(address, new AccountId(in.u64()));
            case ALIAS -> new AddressEntry.Alias(address, readAddresses(in), true, "");
            case ALIAS_WITH_COMMENT -> {
                boolean enabled = in.flag();
                String comment = in.text();
                yield new AddressEntry.Alias(address, readAddresses(in), enabled, comment);
            }
            default -> throw new IllegalStateException("kind of address " + kind);
        };
    }

    static byte[] encode(AccountEntry entry) {
        Account account = entry.account();
        ValueWriter out = new ValueWriter().u8(FORMAT).u64(account.id().value());
        write(out, account.address());
        out.flag(account.enabled()).flag(account.quotaBytes().isPresent());
        account.quotaBytes().ifPresent(out::varint);
        out.varint(account.credentialVersion()).instant(account.created());
        return out.u8(entry.secret().code()).toBytes();
    }

    static AccountEntry account(byte[] value) {
        ValueReader in = open(value);
        Account account =
                new Account(
                        new AccountId(in.u64()),
                        readAddress(in),
                        in.flag(),
                        in.flag() ? OptionalLong.of(in.varint()) : OptionalLong.empty(),
                        in.varint(),
                        in.instant());
        return new AccountEntry(account, AccountEntry.Secret.of(in.u8()));
    }

    static byte[] encode(Credentials credentials) {
        ValueWriter out = new ValueWriter().u8(FORMAT).varint(credentials.version());
        out.optionalText(credentials.password()).flag(credentials.scram().isPresent());
        credentials
                .scram()
                .ifPresent(
                        keys ->
                                out.bytes(keys.salt())
                                        .varint(keys.iterations())
                                        .bytes(keys.storedKey())
                                        .bytes(keys.serverKey()));
        return out.toBytes();
    }

    static Credentials credentials(byte[] value) {
        ValueReader in = open(value);
        return new Credentials(
                in.varint(),
                in.optionalText(),
                in.flag()
                        ? Optional.of(new ScramKeys(in.bytes(), in.count(), in.bytes(), in.bytes()))
                        : Optional.empty());
    }

    private static ValueReader open(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) {
            throw new IllegalStateException("directory entry of format " + format);
        }
        return in;
    }

    private static void write(ValueWriter out, Address address) {
        out.text(address.localPart().text()).text(address.domain().orElseThrow().text());
    }

    private static List<Address> readAddresses(ValueReader in) {
        int count = in.count();
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(readAddress(in));
        }
        return addresses;
    }

    private static Address readAddress(ValueReader in) {
        return new Address(new LocalPart(in.text()), new Domain(in.text()));
    }
}
