package io.mqcontroller.agent.rocketmq;

import java.io.IOException;
import java.lang.reflect.Field;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.config.MessageStoreConfig;

/** An empty store for parts of RocketMQ that want one. It is made without its constructor, which opens files and needs libraries that are not here. */
class StoreWithoutFiles extends DefaultMessageStore {
    private MessageStoreConfig config;

    private StoreWithoutFiles() throws IOException {
        super(null, null, null, null, null);
    }

    static StoreWithoutFiles make(MessageStoreConfig config) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field only = unsafe.getDeclaredField("theUnsafe");
        only.setAccessible(true);
        StoreWithoutFiles store = (StoreWithoutFiles)
                unsafe.getMethod("allocateInstance", Class.class).invoke(only.get(null), StoreWithoutFiles.class);
        store.config = config;
        return store;
    }

    @Override
    public MessageStoreConfig getMessageStoreConfig() {
        return config;
    }

    @Override
    public long dispatchBehindBytes() {
        return 0;
    }

    @Override
    public long getMaxPhyOffset() {
        return 0;
    }

    @Override
    public long now() {
        return System.currentTimeMillis();
    }
}
