package mansio.state.queue;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Items that become due, the earliest first; of those due in the same second the oldest message
 * first. Sixteen bytes an item: a million of them must fit beside everything else. Guarded by its
 * owner.
 */
final class DueHeap {
    /** Bytes that an item takes. */
    static final int ITEM_BYTES = 16;

    private static final int FIRST_CAPACITY = 2;
    private static final long FLAGS_MASK = 0xFFFF_FFFFL;

    /**
     * @param id the queue id
     * @param due seconds on the queue's own clock, which never jumps
     * @param flags {@link ItemFlags}
     */
    record Item(long id, int due, int flags) {
        Item at(int otherDue) {
            return new Item(id, otherDue, flags);
        }
    }

    /** What is to become of an item that is looked at. */
    interface Look {
        /** The flags it goes on with; negative to take it out. */
        int at(long id, int flags);
    }

    private long[] ids = new long[FIRST_CAPACITY];

    /** The due second in the upper half, the flags in the lower one. */
    private long[] dues = new long[FIRST_CAPACITY];

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** When the first is due; the heap is not empty. */
    int firstDue() {
        return (int) (dues[0] >>> 32);
    }

    boolean hasDue(int now) {
        return size > 0 && firstDue() <= now;
    }

    void add(Item item) {
        if (size == ids.length) resize(size + (size >> 1) + 1);
        ids[size] = item.id();
        dues[size] = ((long) item.due() << 32) | (item.flags() & FLAGS_MASK);
        up(size++);
    }

    /** Takes out the first; the heap is not empty. */
    Item remove() {
        Item first = new Item(ids[0], firstDue(), (int) dues[0]);
        size--;
        ids[0] = ids[size];
        dues[0] = dues[size];
        if (size > 0) down(0);
        if (ids.length > 64 && size < ids.length / 4) resize(ids.length / 2);
        return first;
    }

    /** Makes all of them due. */
    void allDue(int now) {
        for (int i = 0; i < size; i++) {
            if (firstDueOf(i) > now) dues[i] = ((long) now << 32) | (dues[i] & FLAGS_MASK);
        }
        heapify();
    }

    /** Looks at all, in no order, and changes their flags or takes them out. */
    void look(Look look) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int flags = look.at(ids[i], (int) dues[i]);
            if (flags < 0) continue;
            ids[kept] = ids[i];
            dues[kept] = (dues[i] & ~FLAGS_MASK) | flags;
            kept++;
        }
        boolean removed = kept < size;
        size = kept;
        if (removed) heapify();
    }

    void forEach(Consumer<Item> each) {
        for (int i = 0; i < size; i++) {
            each.accept(new Item(ids[i], firstDueOf(i), (int) dues[i]));
        }
    }

    private int firstDueOf(int i) {
        return (int) (dues[i] >>> 32);
    }

    private void heapify() {
        for (int i = size / 2 - 1; i >= 0; i--) down(i);
    }

    private void up(int from) {
        int at = from;
        while (at > 0 && before(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) return;
            if (child + 1 < size && before(child + 1, child)) child++;
            if (!before(child, at)) return;
            swap(at, child);
            at = child;
        }
    }

    private boolean before(int a, int b) {
        int dueA = firstDueOf(a);
        int dueB = firstDueOf(b);
        return dueA != dueB ? dueA < dueB : Long.compareUnsigned(ids[a], ids[b]) < 0;
    }

    private void swap(int a, int b) {
        long id = ids[a];
        ids[a] = ids[b];
        ids[b] = id;
        long due = dues[a];
        dues[a] = dues[b];
        dues[b] = due;
    }

    private void resize(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        dues = Arrays.copyOf(dues, capacity);
    }
}
