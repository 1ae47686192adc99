package mansio.state.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Remembers beside the engine how far it was durable. Two slots are written in turn, each with its
 * own checksum, so a torn write leaves the other one. Used by one thread at a time.
 */
final class HighWater implements Closeable {
    /** One slot a disk block: a torn write cannot reach the other. */
    private static final int SLOT_DISTANCE = 4096;

    private static final int SLOT_BYTES = 24;
    private static final int CRC_OFFSET = 20;

    /** Also the version of the slot's form. */
    private static final int MAGIC = 0x4D484701;

    private final FileChannel file;
    private long count;
    private OptionalLong sequence = OptionalLong.empty();
    private boolean damaged;

    HighWater(Path path) throws IOException {
        file =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            readSlot(0);
            readSlot(1);
            damaged = sequence.isEmpty() && file.size() > 0;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void readSlot(int slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
        while (bytes.hasRemaining()) {
            int n = file.read(bytes, (long) slot * SLOT_DISTANCE + bytes.position());
            if (n < 0) return;
        }
        bytes.flip();
        if (bytes.getInt(CRC_OFFSET) != crc(bytes.array()) || bytes.getInt() != MAGIC) return;
        long slotCount = bytes.getLong();
        if (sequence.isEmpty() || slotCount > count) {
            count = slotCount;
            sequence = OptionalLong.of(bytes.getLong());
        }
    }

    /** The last durable sequence number that was noted; empty in a new folder. */
    OptionalLong sequence() {
        return sequence;
    }

    /** True when the file is there but neither slot can be read. */
    boolean isDamaged() {
        return damaged;
    }

    /** Notes, durably, that everything up to {@code newSequence} is durable. */
    void write(long newSequence) throws IOException {
        if (sequence.isPresent() && sequence.getAsLong() == newSequence) return;
        count++;
        ByteBuffer bytes =
                ByteBuffer.allocate(SLOT_BYTES).putInt(MAGIC).putLong(count).putLong(newSequence);
        bytes.putInt(crc(bytes.array())).flip();
        file.write(bytes, (count % 2) * SLOT_DISTANCE);
        file.force(false);
        sequence = OptionalLong.of(newSequence);
    }

    private static int crc(byte[] slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot, 0, CRC_OFFSET);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
