package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A process that writes entries, ten a batch, says after each batch what is durable, and never ends by itself. */
public final class StoreWriterProgram {
    private StoreWriterProgram() {}

    public static void main(String[] args) throws Exception {
        try (RocksLogStore store =
                RocksLogStore.open(Path.of(args[0]), new StoreOwner("cluster-a", new NodeId("n0")))) {
            store.recover();
            long chain = Entry.CHAIN_START;
            for (long first = 1; ; first += 10) {
                List<Entry> entries = Entries.chainOf(chain, 1, first, 10);
                HardState state = new HardState(1, Optional.of(new NodeId("n0")), first + 9);
                store.write(List.of(new io.mqcontroller.raft.core.Effect.Persist(
                        first, Optional.of(state), OptionalLong.empty(), entries)));
                chain = entries.get(9).chain();
                System.out.println(first + 9);
            }
        }
    }
}
