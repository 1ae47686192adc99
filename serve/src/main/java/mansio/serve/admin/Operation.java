package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.io.IOException;

/**
 * A request of an administrator: a record with what is asked for, and how it is done. {@link
 * Operations} lists them with their names.
 */
public sealed interface Operation<A extends Answer>
        permits AddAccount,
                AddDkim,
                AddAlias,
                AddDomain,
                AddRewrite,
                AddRoute,
                ExplainAddress,
                HandleDkim,
                HandleQueued,
                ImportAccounts,
                ImportDkim,
                ImportTable,
                ListAccounts,
                ListAliases,
                ListDkim,
                ListDomains,
                ListQueue,
                ListRewrites,
                ListRoutes,
                ListSuppressed,
                ListTemplates,
                PrintDns,
                QueueLanes,
                RemoveAccount,
                RemoveAlias,
                RemoveDomain,
                RemoveRewrite,
                RemoveRoute,
                ReportDmarc,
                RotateDkim,
                RotateSrs,
                SendPreflight,
                SetDkimSenders,
                SetDkimSigning,
                SetAliasComment,
                SetAliasEnabled,
                RemoveSuppressed,
                RetryAllQueued,
                SetCatchAll,
                SetDomainAdmin,
                SetDomainAlias,
                SetEnabled,
                SetPassword,
                SetQuota,
                SetSeparators,
                ShowDkim,
                ShowDomain,
                ShowQueued,
                Status,
                Stop,
                TestRoute,
                Trace,
                Verify {
    /**
     * Does it. Called by any thread.
     *
     * @throws IOException when it cannot be done or told now
     */
    Outcome<A> run(Rooms rooms) throws IOException;
}
