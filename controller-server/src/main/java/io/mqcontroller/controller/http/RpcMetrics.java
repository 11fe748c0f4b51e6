package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.Counter;
import io.mqcontroller.controller.rpc.RpcObserver;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Who comes to the port, and who is turned away, as metrics. */
public final class RpcMetrics implements RpcObserver {
    private final Map<Protocol, Counter> accepted = new EnumMap<>(Protocol.class);
    private final Map<Turned, Counter> turnedAway = new EnumMap<>(Turned.class);

    public RpcMetrics(Metrics metrics) {
        for (Protocol protocol : Protocol.values()) {
            accepted.put(
                    protocol,
                    metrics.counter(
                            "connections.accepted", "Connections, by what they speak.", "protocol", label(protocol)));
        }
        for (Turned reason : Turned.values()) {
            turnedAway.put(reason, metrics.rejected(label(reason)));
        }
    }

    @Override
    public void onAccepted(Protocol protocol) {
        accepted.get(protocol).increment();
    }

    @Override
    public void onTurnedAway(Turned reason) {
        turnedAway.get(reason).increment();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
