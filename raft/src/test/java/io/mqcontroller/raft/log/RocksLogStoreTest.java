package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksLogStoreTest extends LogStoreContract {
    @TempDir
    private Path directory;

    @Override
    LogStore open() throws IOException {
        return RocksLogStore.open(directory.resolve("own"), new StoreOwner("cluster-a", new NodeId("n0")));
    }

    @Override
    LogStore openOther() throws IOException {
        return RocksLogStore.open(directory.resolve("other"), new StoreOwner("cluster-a", new NodeId("n1")));
    }
}
