package mansio.state.store;

import java.nio.file.Path;

/**
 * How the store on disk is opened.
 *
 * @param folder the data folder; made when it is not there
 * @param minFreeBytes below this free space nothing new is taken; negative for the usual rule, the
 *     greater of 1 GiB and 3 percent of the disk
 * @param acceptLoss opens even when less was recovered than had been durable
 */
public record DiskSettings(Path folder, long minFreeBytes, Loss acceptLoss) {
    /** What to do when acknowledged changes are missing after recovery. */
    public enum Loss {
        /** Refuse to open, and say what is missing. */
        REFUSE,
        /** Go on with what is there. */
        ACCEPT
    }

    /** The usual settings. */
    public DiskSettings(Path folder) {
        this(folder, -1, Loss.REFUSE);
    }
}
