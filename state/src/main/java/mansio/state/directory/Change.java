package mansio.state.directory;

import mansio.codec.text.Domain;
import mansio.state.store.AccountId;
import mansio.state.store.Turn;

/**
 * One entry written or deleted: done to the partition first, to the tables in memory when that is
 * durable.
 */
sealed interface Change {
    record PutDomain(DomainEntry entry) implements Change {}

    record DropDomain(Domain domain) implements Change {}

    record PutAddress(AddressEntry entry) implements Change {
        AddressKey key() {
            return AddressKey.of(entry.address()).orElseThrow();
        }
    }

    record DropAddress(AddressKey key) implements Change {}

    record PutAccount(AccountEntry entry) implements Change {}

    record DropAccount(AccountId id) implements Change {}

    record PutCredentials(AccountId id, Credentials credentials) implements Change {}

    record DropCredentials(AccountId id) implements Change {}

    record PutSetting(String name, byte[] value) implements Change {}

    /** The account's mail is to be erased. */
    record PutErasure(AccountId id) implements Change {}

    record DropErasure(AccountId id) implements Change {}

    /** Writes it to the partition. */
    default void write(Turn turn) {
        switch (this) {
            case PutDomain(DomainEntry entry) ->
                    turn.put(Rows.domain(entry.domain()), Rows.encode(entry));
            case DropDomain(Domain domain) -> turn.delete(Rows.domain(domain));
            case PutAddress put -> turn.put(Rows.address(put.key()), Rows.encode(put.entry()));
            case DropAddress(AddressKey key) -> turn.delete(Rows.address(key));
            case PutAccount(AccountEntry entry) ->
                    turn.put(Rows.account(entry.id()), Rows.encode(entry));
            case DropAccount(AccountId id) -> turn.delete(Rows.account(id));
            case PutCredentials(AccountId id, Credentials credentials) ->
                    turn.put(Rows.credentials(id), Rows.encode(credentials));
            case DropCredentials(AccountId id) -> turn.delete(Rows.credentials(id));
            case PutSetting(String name, byte[] value) -> turn.put(Rows.setting(name), value);
            case PutErasure(AccountId id) -> turn.put(Rows.erasure(id), Rows.encodeErasure(id));
            case DropErasure(AccountId id) -> turn.delete(Rows.erasure(id));
        }
    }
}
