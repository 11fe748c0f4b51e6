package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.log.LogStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A store that always keeps back the last writes that it has called durable: the tests must find out that it does. */
final class LateWrites {
    private static final int KEPT_BACK = 5;

    private LateWrites() {}

    static LogStore around(LogStore store) {
        Deque<List<Effect.Persist>> keptBack = new ArrayDeque<>();
        return (LogStore) Proxy.newProxyInstance(
                LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        keptBack.add(((List<?>) arguments[0])
                                .stream().map(Effect.Persist.class::cast).toList());
                        if (keptBack.size() > KEPT_BACK) {
                            store.write(keptBack.remove());
                        }
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
