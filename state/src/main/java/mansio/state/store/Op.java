package mansio.state.store;

/** One change of an engine. Arrays are never changed after they were handed over. */
sealed interface Op {
    Space space();

    /** About how many bytes it takes in a write. */
    int bytes();

    /** The first {@code length} bytes of {@code value} become the value of {@code key}. */
    record Put(Space space, byte[] key, byte[] value, int length) implements Op {
        Put(Space space, byte[] key, byte[] value) {
            this(space, key, value, value.length);
        }

        @Override
        public int bytes() {
            return OVERHEAD + key.length + length;
        }
    }

    /** The key has no value any more. */
    record Delete(Space space, byte[] key) implements Op {
        @Override
        public int bytes() {
            return OVERHEAD + key.length;
        }
    }

    /** No key from {@code from} (included) to {@code to} (not included) has a value any more. */
    record DeleteRange(Space space, byte[] from, byte[] to) implements Op {
        @Override
        public int bytes() {
            return OVERHEAD + from.length + to.length;
        }
    }

    /** Tag, space and two lengths. */
    int OVERHEAD = 12;
}
