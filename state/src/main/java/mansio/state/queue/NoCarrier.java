package mansio.state.queue;

/**
 * The carrier of a server that sends nothing: mail for other domains stays in the queue, and says
 * why. No state; any thread.
 */
public final class NoCarrier implements Carrier {
    private final String reason;

    /**
     * @param reason one sentence for administrators
     */
    public NoCarrier(String reason) {
        this.reason = reason;
    }

    @Override
    public Lane lane(QueueEntry entry, Recipient recipient) {
        return new Lane("", recipient.destination().host().text());
    }

    @Override
    public Way way(Lane lane) {
        return new Way.Hold(reason);
    }

    @Override
    public Opening open(Site site, Lane lane) {
        throw new IllegalStateException("there is no way to " + site.name());
    }
}
