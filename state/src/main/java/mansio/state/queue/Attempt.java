package mansio.state.queue;

import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;

import java.util.List;
import java.util.Optional;

/**
 * What came of one transaction, or of not getting that far.
 *
 * @param results one for each recipient of the dispatch
 * @param passage empty when there was no connection
 */
record Attempt(
        Dispatch dispatch,
        Lease lease,
        List<Result> results,
        Optional<Passage> passage,
        Stopwatch.Times times) {}
