package mansio.state.dkimkey;

/** What the DNS said of a key's record when it was last asked. */
public sealed interface Sighting {
    /**
     * The record is there and is that of the key.
     *
     * @param ttlSeconds how long the answer may be kept
     */
    record Found(int ttlSeconds) implements Sighting {
        @Override
        public String sentence() {
            return "the DNS has its record";
        }
    }

    /** There is none, or another one. */
    record Absent(String reason) implements Sighting {
        @Override
        public String sentence() {
            return reason;
        }
    }

    /** It cannot be told now. */
    record Unknown(String reason) implements Sighting {
        @Override
        public String sentence() {
            return "the DNS cannot be asked: " + reason;
        }
    }

    /** For people, without a final dot. */
    String sentence();
}
