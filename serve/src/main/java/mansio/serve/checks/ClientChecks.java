package mansio.serve.checks;

import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.Result;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfRequest;
import mansio.trust.spf.SpfResult;

import java.util.List;
import java.util.Optional;

/**
 * What can be asked before the message has come, on threads of its own while it comes.
 *
 * @param iprev of the host's address
 * @param lists of addresses that the host is on
 * @param spf of HELO and of the reverse-path
 */
record ClientChecks(Later<IprevResult> iprev, Later<ListEvidence> lists, Later<SpfPair> spf) {
    /**
     * Both results of SPF.
     *
     * @param mailFrom for the null reverse-path that of postmaster at the HELO name
     */
    record SpfPair(SpfResult helo, SpfResult mailFrom) {}

    /** Begins to ask. */
    static ClientChecks start(Checks.Tools tools, Client client, long deadlineNanos) {
        SpfRequest helo = SpfRequest.helo(client.address(), client.helo());
        SpfRequest mailFrom =
                SpfRequest.mailFrom(client.address(), client.helo(), client.reversePath());
        Spf spf = tools.spf();
        return new ClientChecks(
                Later.start(
                        tools.time(),
                        tools.threads(),
                        late(),
                        () -> tools.iprev().check(client.address(), deadlineNanos)),
                lists(tools, client, deadlineNanos),
                Later.start(
                        tools.time(),
                        tools.threads(),
                        new SpfPair(late(helo), late(mailFrom)),
                        () ->
                                new SpfPair(
                                        spf.check(helo, deadlineNanos),
                                        spf.check(mailFrom, deadlineNanos))));
    }

    private static Later<ListEvidence> lists(
            Checks.Tools tools, Client client, long deadlineNanos) {
        List<BlockList> wanted = tools.lists().of(BlockList.Subject.ADDRESS);
        return wanted.isEmpty()
                ? Later.known(tools.time(), ListEvidence.NOTHING)
                : Later.start(
                        tools.time(),
                        tools.threads(),
                        ListEvidence.NOTHING,
                        () ->
                                tools.lists()
                                        .asked()
                                        .check(wanted, client.address(), List.of(), deadlineNanos));
    }

    private static IprevResult late() {
        return new IprevResult(
                IprevResult.Result.TEMPERROR, Optional.empty(), List.of(), "not found in time");
    }

    private static SpfResult late(SpfRequest request) {
        return new SpfResult(
                Result.TEMPERROR,
                request,
                request.checkedDomain(),
                List.of(),
                "not found in time",
                Optional.empty(),
                0,
                0);
    }
}
