package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.io.IOException;

/**
 * A request of an administrator: a record with what is asked for, and how it is done. {@link
 * Operations} lists them with their names.
 */
public sealed interface Operation<A extends Answer>
        permits AddAccount,
                AddAlias,
                AddDomain,
                AddRewrite,
                AddRoute,
                ExplainAddress,
                HandleQueued,
                ImportAccounts,
                ImportTable,
                ListAccounts,
                ListAliases,
                ListDomains,
                ListQueue,
                ListRewrites,
                ListRoutes,
                ListSuppressed,
                ListTemplates,
                QueueLanes,
                RemoveAccount,
                RemoveAlias,
                RemoveDomain,
                RemoveRewrite,
                RemoveRoute,
                RotateSrs,
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
