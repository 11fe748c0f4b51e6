package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.mqcontroller.controller.rpc.agent.AgentObserver;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections of agents, what they ask and what they are told, as metrics. */
public final class AgentMetrics implements AgentObserver {
    /** Few, so that the series stay few. */
    private enum Result {
        OK,
        NOT_LEADER,
        OVERLOADED,
        UNKNOWN_OUTCOME,
        REFUSED;

        static Result of(StatusCode code) {
            return switch (code) {
                case OK -> OK;
                case NOT_LEADER -> NOT_LEADER;
                case OVERLOADED -> OVERLOADED;
                case UNKNOWN_OUTCOME -> UNKNOWN_OUTCOME;
                default -> REFUSED;
            };
        }
    }

    private record OfKind(Timer duration, Map<Result, Counter> results) {}

    private final Map<ClientFrame.KindCase, OfKind> kinds = new EnumMap<>(ClientFrame.KindCase.class);
    private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);
    private final AtomicInteger connections = new AtomicInteger();
    private final Counter paused;
    private final Counter pushed;
    private final Counter notPushed;

    public AgentMetrics(Metrics metrics) {
        for (ClientFrame.KindCase kind : ClientFrame.KindCase.values()) {
            kinds.put(kind, of(label(kind == ClientFrame.KindCase.KIND_NOT_SET ? "unknown" : kind.name()), metrics));
        }
        for (Cut reason : Cut.values()) {
            cuts.put(reason, metrics.rejected(label(reason.name())));
        }
        paused = metrics.counter(
                "agent.reading.paused",
                "How often reading from an agent's connection stopped until it could be served.");
        pushed = pushes("sent", metrics);
        notPushed = pushes("failed", metrics);
        metrics.gauge("connections", "", "Open connections.", connections, AtomicInteger::get, "listener", "agent");
    }

    private static OfKind of(String kind, Metrics metrics) {
        Map<Result, Counter> results = new EnumMap<>(Result.class);
        for (Result result : Result.values()) {
            results.put(
                    result,
                    metrics.counter(
                            "agent.requests",
                            "Requests of agents and tools, by kind and result.",
                            "kind",
                            kind,
                            "result",
                            label(result.name())));
        }
        return new OfKind(
                metrics.timer(
                        "agent.request.duration", "Time from an agent's whole request to its answer.", "kind", kind),
                results);
    }

    private static Counter pushes(String result, Metrics metrics) {
        return metrics.counter(
                "agent.pushes", "News of a group to its agents over their own connections.", "result", result);
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void onConnectionOpened() {
        connections.incrementAndGet();
    }

    @Override
    public void onConnectionClosed() {
        connections.decrementAndGet();
    }

    @Override
    public void onConnectionCut(Cut reason) {
        cuts.get(reason).increment();
    }

    @Override
    public void onReadingPaused() {
        paused.increment();
    }

    @Override
    public void onRequest(ClientFrame.KindCase kind, StatusCode code, long elapsedNanos) {
        OfKind of = kinds.get(kind);
        of.results().get(Result.of(code)).increment();
        of.duration().record(elapsedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onPush(boolean sent) {
        (sent ? pushed : notPushed).increment();
    }
}
