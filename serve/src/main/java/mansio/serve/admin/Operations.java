package mansio.serve.admin;

import java.util.List;
import java.util.Optional;

/** The table of all operations. */
final class Operations {
    /**
     * One operation.
     *
     * @param name on the control socket: as on the command line
     */
    record Row<A extends Answer>(
            String name, Class<? extends Operation<A>> request, Class<A> answer) {}

    static final List<Row<?>> ALL =
            List.of(
                    new Row<>("status", Status.class, Status.Report.class),
                    new Row<>("stop", Stop.class, Stop.Stopping.class),
                    new Row<>("verify", Verify.class, Verify.Report.class),
                    new Row<>("domain add", AddDomain.class, AddDomain.Added.class),
                    new Row<>("domain remove", RemoveDomain.class, RemoveDomain.Removed.class),
                    new Row<>("domain show", ShowDomain.class, DomainFacts.class),
                    new Row<>("domain list", ListDomains.class, ListDomains.Domains.class),
                    new Row<>("domain admin", SetDomainAdmin.class, DomainFacts.class),
                    new Row<>("domain catch-all", SetCatchAll.class, DomainFacts.class),
                    new Row<>("domain separators", SetSeparators.class, DomainFacts.class),
                    new Row<>("domain alias", SetDomainAlias.class, DomainFacts.class),
                    new Row<>("account add", AddAccount.class, AddAccount.Added.class),
                    new Row<>("account remove", RemoveAccount.class, RemoveAccount.Removed.class),
                    new Row<>("account list", ListAccounts.class, ListAccounts.Accounts.class),
                    new Row<>("account password", SetPassword.class, SetPassword.Changed.class),
                    new Row<>("account enable", SetEnabled.class, SetEnabled.Changed.class),
                    new Row<>("account quota", SetQuota.class, SetQuota.Changed.class),
                    new Row<>("account import", ImportAccounts.class, ImportAccounts.Report.class),
                    new Row<>("alias add", AddAlias.class, AddAlias.Added.class),
                    new Row<>("alias remove", RemoveAlias.class, RemoveAlias.Removed.class),
                    new Row<>("alias list", ListAliases.class, ListAliases.Aliases.class),
                    new Row<>("route add", AddRoute.class, AddRoute.Added.class),
                    new Row<>("route remove", RemoveRoute.class, RemoveRoute.Removed.class),
                    new Row<>("route test", TestRoute.class, TestRoute.Tested.class),
                    new Row<>("route list", ListRoutes.class, ListRoutes.Found.class),
                    new Row<>(
                            "route templates", ListTemplates.class, ListTemplates.Templates.class),
                    new Row<>("rewrite add", AddRewrite.class, AddRewrite.Added.class),
                    new Row<>("rewrite remove", RemoveRewrite.class, RemoveRewrite.Removed.class),
                    new Row<>("rewrite list", ListRewrites.class, ListRewrites.Found.class),
                    new Row<>("alias import", ImportTable.class, ImportTable.Report.class),
                    new Row<>("alias enable", SetAliasEnabled.class, AliasFacts.class),
                    new Row<>("alias comment", SetAliasComment.class, AliasFacts.class),
                    new Row<>("dkim list", ListDkim.class, ListDkim.Found.class),
                    new Row<>("dkim show", ShowDkim.class, ShowDkim.Shown.class),
                    new Row<>("dkim add", AddDkim.class, AddDkim.Added.class),
                    new Row<>("dkim rotate", RotateDkim.class, RotateDkim.Rotated.class),
                    new Row<>("dkim handle", HandleDkim.class, HandleDkim.Handled.class),
                    new Row<>("dkim senders", SetDkimSenders.class, SetDkimSenders.Changed.class),
                    new Row<>("dkim signing", SetDkimSigning.class, ShowDkim.Shown.class),
                    new Row<>("dkim import", ImportDkim.class, ImportDkim.Taken.class),
                    new Row<>("dns print", PrintDns.class, PrintDns.Wanted.class),
                    new Row<>("preflight", SendPreflight.class, PreflightReport.class),
                    new Row<>("dmarc report", ReportDmarc.class, ReportDmarc.Shown.class),
                    new Row<>("srs rotate", RotateSrs.class, RotateSrs.Rotated.class),
                    new Row<>("queue list", ListQueue.class, ListQueue.Entries.class),
                    new Row<>("queue show", ShowQueued.class, ShowQueued.Entry.class),
                    new Row<>("queue lanes", QueueLanes.class, QueueLanes.Lanes.class),
                    new Row<>("queue handle", HandleQueued.class, HandleQueued.Done.class),
                    new Row<>(
                            "queue retry all", RetryAllQueued.class, RetryAllQueued.Retried.class),
                    new Row<>(
                            "queue suppressed list",
                            ListSuppressed.class,
                            ListSuppressed.Addresses.class),
                    new Row<>(
                            "queue suppressed remove",
                            RemoveSuppressed.class,
                            RemoveSuppressed.Removed.class),
                    new Row<>("trace", Trace.class, Trace.Found.class),
                    new Row<>(
                            "explain-address",
                            ExplainAddress.class,
                            ExplainAddress.Answered.class));

    private Operations() {}

    static Optional<Row<?>> named(String name) {
        return ALL.stream().filter(row -> row.name().equals(name)).findFirst();
    }

    @SuppressWarnings("unchecked") // A row's answer is that of its request, by its own type.
    static <A extends Answer> Row<A> of(Operation<A> operation) {
        return (Row<A>)
                ALL.stream()
                        .filter(row -> row.request().equals(operation.getClass()))
                        .findFirst()
                        .orElseThrow();
    }
}
