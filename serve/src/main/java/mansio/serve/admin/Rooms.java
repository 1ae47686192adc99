package mansio.serve.admin;

import mansio.net.time.Time;
import mansio.serve.dnshelp.Presence;
import mansio.serve.outbound.Outbound;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.PasswdImport;
import mansio.state.directory.StoredDirectory;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.KeyRounds;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.mailbox.Accounts;
import mansio.state.queue.Queue;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.Detours;
import mansio.state.route.Routes;
import mansio.state.store.Store;
import mansio.state.store.Verifier;
import mansio.state.story.Stories;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the operations work on. */
public record Rooms(
        Site site,
        Presence presence,
        Names names,
        Signing signing,
        Ways ways,
        Mail mail,
        Time time,
        RandomGenerator random) {
    /**
     * What is installed here.
     *
     * @param version of this program
     * @param folder the data folder
     * @param server empty when a command opened the store itself
     */
    public record Site(String version, Path folder, Optional<RunningServer> server) {}

    /** Domains, accounts, aliases. */
    public record Names(
            StoredDirectory directory,
            DirectoryEditor editor,
            AliasEditor aliases,
            PasswdImport passwdImport) {}

    /**
     * With what mail is signed.
     *
     * @param rounds empty when no server runs
     */
    public record Signing(DkimKeys keys, Optional<KeyRounds> rounds) {
        /** Looks at the keys now, as something was changed. */
        void wake() {
            rounds.ifPresent(KeyRounds::wake);
        }
    }

    /**
     * By which ways mail leaves.
     *
     * @param outbound empty when no server runs
     */
    public record Ways(
            Routes routes, Detours detours, Rewrites rewrites, Optional<Outbound> outbound) {}

    /**
     * Mail and where it is kept.
     *
     * @param reports what others tell of our domains
     * @param verifiers each room's own check of what it keeps
     */
    public record Mail(
            Store store,
            Accounts accounts,
            Queue queue,
            Stories stories,
            ReceivedReports reports,
            List<Verifier> verifiers) {
        public Mail {
            verifiers = List.copyOf(verifiers);
        }
    }
}
