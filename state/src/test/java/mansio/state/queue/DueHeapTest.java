package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.queue.DueHeap.Item;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** The heap beside a sorted map that is given the same. */
class DueHeapTest {
    private static final int STEPS = 20_000;
    private static final int FLAGS = 0x7FFF_FFFF;

    /** By due time, then by age; equal ones are counted. */
    private static final Comparator<Item> ORDER =
            Comparator.comparingInt(Item::due)
                    .thenComparing(Item::id, Long::compareUnsigned)
                    .thenComparingInt(Item::flags);

    private final DueHeap heap = new DueHeap();
    private final TreeMap<Item, Integer> model = new TreeMap<>(ORDER);

    private void put(Item item) {
        model.merge(item, 1, Integer::sum);
    }

    private List<Item> all() {
        List<Item> items = new ArrayList<>();
        model.forEach(
                (item, count) -> {
                    for (int i = 0; i < count; i++) items.add(item);
                });
        return items;
    }

    private void replaceBy(List<Item> items) {
        model.clear();
        items.forEach(this::put);
    }

    private void removeFirst() {
        Item removed = heap.remove();
        Item first = model.firstKey();
        // Of two that differ in their flags only, either may be first.
        assertThat(removed.due()).isEqualTo(first.due());
        assertThat(removed.id()).isEqualTo(first.id());
        assertThat(model).containsKey(removed);
        model.computeIfPresent(removed, (_, count) -> count == 1 ? null : count - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void asASortedMap(long seed) {
        Random random = new Random(seed);
        int growth = 60;
        for (int step = 0; step < STEPS; step++) {
            if (step % 2_000 == 0) growth = random.nextBoolean() ? 70 : 30;
            int dice = random.nextInt(1_000);
            if (dice < 3) {
                int now = random.nextInt(-50, 300);
                heap.allDue(now);
                replaceBy(all().stream().map(it -> it.at(Math.min(it.due(), now))).toList());
            } else if (dice < 6) {
                look(random.nextInt(2, 9));
            } else if (random.nextInt(100) < growth || heap.isEmpty()) {
                // Ids of the upper half of 64 bits are the younger ones.
                long id = random.nextInt(5) == 0 ? -1 - random.nextInt(9) : random.nextInt(50);
                Item item = new Item(id, random.nextInt(-100, 400), random.nextInt() & FLAGS);
                heap.add(item);
                put(item);
            } else {
                removeFirst();
            }
            check(random);
        }
        while (!heap.isEmpty()) removeFirst();
        assertThat(model).isEmpty();
    }

    private void look(int part) {
        heap.look((id, flags) -> id % part == 0 ? -1 : flags ^ 1);
        List<Item> kept = new ArrayList<>();
        for (Item item : all()) {
            if (item.id() % part != 0) kept.add(new Item(item.id(), item.due(), item.flags() ^ 1));
        }
        replaceBy(kept);
    }

    private void check(Random random) {
        int size = model.values().stream().mapToInt(it -> it).sum();
        assertThat(heap.size()).isEqualTo(size);
        assertThat(heap.isEmpty()).isEqualTo(size == 0);
        if (size == 0) return;
        int first = model.firstKey().due();
        assertThat(heap.firstDue()).isEqualTo(first);
        assertThat(heap.hasDue(first)).isTrue();
        assertThat(heap.hasDue(first - 1)).isFalse();
        if (random.nextInt(500) > 0) return;
        List<Item> shown = new ArrayList<>();
        heap.forEach(shown::add);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(all());
    }

    @Test
    void theEarliestFirstThenTheOldest() {
        heap.add(new Item(9, 5, 0));
        heap.add(new Item(3, 7, 0));
        heap.add(new Item(4, 5, 0));
        assertThat(List.of(heap.remove().id(), heap.remove().id(), heap.remove().id()))
                .containsExactly(4L, 9L, 3L);
    }
}
