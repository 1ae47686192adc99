package mansio.state.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which blocks of a mailbox a command replaced, by key; empty where one went away. */
final class BlockChange {
    private final TreeMap<Long, Optional<Block>> byKey = new TreeMap<>();

    void put(Block block) {
        byKey.put(block.key(), Optional.of(block));
    }

    void remove(long key) {
        byKey.put(key, Optional.empty());
    }

    Map<Long, Optional<Block>> byKey() {
        return byKey;
    }

    /** The blocks after the change; {@code blocks} are in order of their keys and stay as is. */
    Block[] applyTo(Block[] blocks) {
        if (byKey.isEmpty()) return blocks;
        List<Block> now = new ArrayList<>(blocks.length + byKey.size());
        int at = 0;
        for (Map.Entry<Long, Optional<Block>> change : byKey.entrySet()) {
            while (at < blocks.length && blocks[at].key() < change.getKey()) now.add(blocks[at++]);
            if (at < blocks.length && blocks[at].key() == change.getKey()) at++;
            change.getValue().ifPresent(now::add);
        }
        while (at < blocks.length) now.add(blocks[at++]);
        return now.toArray(Block[]::new);
    }
}
