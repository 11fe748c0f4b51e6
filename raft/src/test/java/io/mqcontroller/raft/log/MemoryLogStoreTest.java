package io.mqcontroller.raft.log;

class MemoryLogStoreTest extends LogStoreContract {
    private final MemoryLogStore.Contents contents = new MemoryLogStore.Contents();

    @Override
    LogStore open() {
        return new MemoryLogStore(contents);
    }

    @Override
    LogStore openOther() {
        return new MemoryLogStore(new MemoryLogStore.Contents());
    }
}
