package mansio.state.mailbox;

import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stored form of blocks: the different flag sets of the block once, then the rows as small
 * numbers. Four or five bytes a row as a rule. Safe for use by any thread.
 */
final class BlockCodec {
    private static final int FORMAT = 1;
    private static final int MAX_SHARED = 10_000;

    /** Equal flags become one object, which makes a row of a view 20 bytes. */
    private final ConcurrentHashMap<Flags, Flags> shared = new ConcurrentHashMap<>();

    Flags share(Flags flags) {
        if (flags.isEmpty()) return Flags.NONE;
        if (shared.size() > MAX_SHARED) shared.clear();
        Flags before = shared.putIfAbsent(flags, flags);
        return before == null ? flags : before;
    }

    static byte[] encode(Block block, Keywords keywords) {
        ValueWriter out = new ValueWriter().u8(FORMAT);
        writeTo(out, block, keywords);
        return out.toBytes();
    }

    static void writeTo(ValueWriter out, Block block, Keywords keywords) {
        int rows = block.rows();
        List<Flags> sets = new ArrayList<>();
        int[] setOf = new int[rows];
        long base = block.maxModSeq();
        for (int i = 0; i < rows; i++) {
            base = Math.min(base, block.modSeq(i));
            int set = sets.indexOf(block.flags(i));
            if (set < 0) {
                set = sets.size();
                sets.add(block.flags(i));
            }
            setOf[i] = set;
        }
        out.varint(rows).varint(sets.size());
        for (Flags flags : sets) {
            out.u8(flags.systemBits()).varint(flags.keywords().size());
            for (String keyword : flags.keywords()) out.varint(keywords.number(keyword));
        }
        out.varint(base);
        long before = block.key();
        for (int i = 0; i < rows; i++) {
            out.varint(block.uid(i) - before).varint(block.size(i)).varint(block.modSeq(i) - base);
            if (sets.size() > 1) out.varint(setOf[i]);
            before = block.uid(i);
        }
    }

    Block decode(long key, byte[] value, Keywords keywords) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("block format " + format);
        return readFrom(in, key, keywords);
    }

    Block readFrom(ValueReader in, long key, Keywords keywords) {
        int rows = in.count();
        Flags[] sets = new Flags[in.count()];
        for (int i = 0; i < sets.length; i++) sets[i] = readFlags(in, keywords);
        long base = in.varint();
        int[] uids = new int[rows];
        int[] sizes = new int[rows];
        long[] modSeqs = new long[rows];
        Flags[] flags = new Flags[rows];
        long before = key;
        for (int i = 0; i < rows; i++) {
            before += in.varint();
            uids[i] = (int) before;
            sizes[i] = (int) in.varint();
            modSeqs[i] = base + in.varint();
            flags[i] = sets[sets.length > 1 ? in.count() : 0];
        }
        return Block.of(key, uids, sizes, new Block.Mutable(modSeqs, flags));
    }

    private Flags readFlags(ValueReader in, Keywords keywords) {
        int system = in.u8();
        int count = in.count();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) names.add(keywords.name(in.count()));
        return share(Flags.ofBits(system, names));
    }

    /** Not less than the bytes of the encoded form. */
    static int atMostBytes(Block block) {
        int bytes = 32 + block.rows() * 26;
        for (int i = 0; i < block.rows(); i++) {
            if (i == 0 || !block.flags(i).equals(block.flags(i - 1)))
                bytes += 3 + 2 * block.flags(i).keywords().size();
        }
        return bytes;
    }
}
