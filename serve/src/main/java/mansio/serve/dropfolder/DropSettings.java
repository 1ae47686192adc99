package mansio.serve.dropfolder;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Facts about mail of local users.
 *
 * @param folder where their programs put it
 * @param hostname our name
 * @param domain of local users' addresses, if it was told
 * @param admin who gets mail for local users that have no address
 * @param trustedUsers who may send with any address of our domains
 * @param messagesPerHour of one user; root has no bound
 */
public record DropSettings(
        Path folder,
        Domain hostname,
        Optional<Domain> domain,
        Optional<Address> admin,
        Set<String> trustedUsers,
        int messagesPerHour) {
    public DropSettings {
        trustedUsers = Set.copyOf(trustedUsers);
    }
}
