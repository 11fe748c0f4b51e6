package io.mqcontroller.agent.rocketmq;

import java.lang.reflect.Field;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Optional;
import org.apache.rocketmq.common.CountDownLatch2;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.MessageStore;
import org.apache.rocketmq.store.ha.HAClient;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAClient;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAService;
import org.apache.rocketmq.store.plugin.AbstractPluginMessageStore;

/** Parts of Apache's store for which it has no door. Whatever is not as expected stops the start, with the reason. */
final class StoreParts {
    private StoreParts() {}

    /** Before the store is loaded: it makes its replication in its constructor and lets nobody choose. */
    static void replaceReplication(MessageStore store, ConfirmedHaService replication) {
        set(DefaultMessageStore.class, innermost(store), "haService", replication);
    }

    /** When the replication has made its own and nobody uses it yet. */
    static void replaceEpochFile(ConfirmedHaService replication, EpochFile epochs) {
        set(AutoSwitchHAService.class, replication, "epochCache", epochs);
    }

    /** While there is no other. */
    static void replaceClient(ConfirmedHaService replication, LastingHaClient client) {
        set(AutoSwitchHAService.class, replication, "haClient", client);
    }

    /** The thread that copies the master's log; nothing if there is none. */
    static Optional<CopyThread> copyThread(HAClient client) {
        if (!(client instanceof AutoSwitchHAClient)) {
            return Optional.empty();
        }
        Object monitor = get(AutoSwitchHAClient.class, client, "flowMonitor");
        return Optional.of(new CopyThread(
                (ServiceThread) client,
                (Thread) get(ServiceThread.class, client, "thread"),
                (Selector) get(AutoSwitchHAClient.class, client, "selector"),
                List.of(napOf((ServiceThread) client), napOf((ServiceThread) monitor))));
    }

    private static CountDownLatch2 napOf(ServiceThread thread) {
        return (CountDownLatch2) get(ServiceThread.class, thread, "waitPoint");
    }

    private static MessageStore innermost(MessageStore store) {
        MessageStore inner = store;
        while (inner instanceof AbstractPluginMessageStore) {
            inner = (MessageStore) get(AbstractPluginMessageStore.class, inner, "next");
        }
        if (!(inner instanceof DefaultMessageStore)) {
            throw new IllegalStateException("the agent works with RocketMQ's own stores, not with "
                    + inner.getClass().getName());
        }
        return inner;
    }

    private static Object get(Class<?> type, Object target, String name) {
        try {
            return field(type, name).get(target);
        } catch (ReflectiveOperationException e) {
            throw unknownRelease(type, name, e);
        }
    }

    private static void set(Class<?> type, Object target, String name, Object value) {
        try {
            field(type, name).set(target, value);
        } catch (ReflectiveOperationException e) {
            throw unknownRelease(type, name, e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static IllegalStateException unknownRelease(Class<?> type, String name, Exception cause) {
        return new IllegalStateException(
                "this release of RocketMQ is not known to the agent (5.3 to 5.5 are): " + type.getSimpleName()
                        + " has no usable field " + name,
                cause);
    }
}
