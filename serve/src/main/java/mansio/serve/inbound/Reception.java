package mansio.serve.inbound;

import mansio.state.queue.QueueId;

import java.io.Closeable;
import java.io.IOException;

/**
 * A message on its way in: the bytes of DATA or BDAT, dot-unstuffed, go to disk as they come. Close
 * it in every case; what was not accepted by then is thrown away. Owned by the session's thread.
 */
public interface Reception extends Closeable {
    /** The id that the 250 will name. */
    QueueId id();

    /**
     * Adds bytes of the message. After the size limit was passed the bytes are only counted, and
     * {@link #finish} refuses.
     *
     * @throws mansio.state.store.LowSpaceException when there is no room: 452
     * @throws IOException when it cannot be kept now: 451
     */
    void write(byte[] from, int offset, int length) throws IOException;

    /**
     * The end of the message: judged, and if anybody gets it, durable in the queue when this
     * returns.
     *
     * @throws IOException when it is not certain that the message is kept: 451
     */
    Outcome finish() throws IOException;

    @Override
    void close();
}
