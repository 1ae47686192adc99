package mansio.state.mailbox;

import java.time.Duration;

/**
 * What bounds accounts.
 *
 * @param mailboxes of one account
 * @param keywords different ones in one account
 * @param appendMessages of one MULTIAPPEND
 * @param keepExpunged how long an expunged message can be brought back and is told to clients that
 *     were away
 * @param atOnce placements that one command handles; more are done in steps
 * @param cachedAccounts kept in memory beside those in use
 * @param cachedPlacements kept in memory beside those that views hold, in all; 20 bytes each
 */
public record MailLimits(
        int mailboxes,
        int keywords,
        int appendMessages,
        Duration keepExpunged,
        int atOnce,
        int cachedAccounts,
        int cachedPlacements) {
    /** The most that {@code mailboxes} can be: the list is read as one page. */
    public static final int MAX_MAILBOXES = 3_000;

    public static final MailLimits DEFAULT =
            new MailLimits(2_000, 500, 10_000, Duration.ofDays(14), 1_000, 500, 1_000_000);

    public MailLimits {
        if (mailboxes < 1 || mailboxes > MAX_MAILBOXES || keywords > 10_000) {
            throw new IllegalArgumentException(mailboxes + " mailboxes, " + keywords + " keywords");
        }
    }
}
