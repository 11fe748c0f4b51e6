package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.mqcontroller.controller.remoting.ClosedBecause;
import io.mqcontroller.controller.remoting.RemotingObserver;
import io.mqcontroller.controller.remoting.RequestCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What brokers and tools ask over RocketMQ's protocol, as metrics. The label {@code code} is RocketMQ's request code. */
public final class RemotingMetrics implements RemotingObserver {
    private static final List<Integer> CODES = List.of(
            RequestCode.BROKER_HEARTBEAT,
            RequestCode.ALTER_SYNC_STATE_SET,
            RequestCode.ELECT_MASTER,
            RequestCode.REGISTER_BROKER,
            RequestCode.GET_REPLICA_INFO,
            RequestCode.GET_METADATA_INFO,
            RequestCode.GET_SYNC_STATE_DATA,
            RequestCode.UPDATE_CONTROLLER_CONFIG,
            RequestCode.GET_CONTROLLER_CONFIG,
            RequestCode.CLEAN_BROKER_DATA,
            RequestCode.GET_NEXT_BROKER_ID,
            RequestCode.APPLY_BROKER_ID,
            RequestCode.UNKNOWN);

    /** Few, so that the series stay few; which code was answered is in the log of who got it. */
    private enum Result {
        OK,
        NOT_LEADER,
        OVERLOADED,
        UNKNOWN_OUTCOME,
        REFUSED;

        static Result of(int responseCode) {
            return switch (responseCode) {
                case 0 -> OK;
                case 1 -> UNKNOWN_OUTCOME;
                case 2 -> OVERLOADED;
                case 2007 -> NOT_LEADER;
                default -> REFUSED;
            };
        }
    }

    private record OfCode(Timer duration, Map<Result, Counter> results) {}

    private final Map<Integer, OfCode> codes;
    private final Map<ClosedBecause, Counter> cut = new EnumMap<>(ClosedBecause.class);
    private final AtomicInteger connections = new AtomicInteger();
    private final Counter paused;
    private final Counter notified;
    private final Counter notNotified;
    private final ApacheNames apache;

    public RemotingMetrics(Metrics metrics) {
        this(metrics, ApacheNames.NONE);
    }

    public RemotingMetrics(Metrics metrics, ApacheNames apache) {
        this.apache = apache;
        codes = CODES.stream().collect(Collectors.toUnmodifiableMap(code -> code, code -> of(code, metrics)));
        for (ClosedBecause reason : ClosedBecause.values()) {
            cut.put(reason, metrics.rejected(reason.name().toLowerCase(Locale.ROOT)));
        }
        paused = metrics.counter(
                "reading.paused", "How often reading from a connection stopped until it could be served.");
        notified = notifications("sent", metrics);
        notNotified = notifications("failed", metrics);
        metrics.gauge("connections", "", "Open connections.", connections, AtomicInteger::get, "listener", "remoting");
    }

    private static OfCode of(int code, Metrics metrics) {
        String label = code == RequestCode.UNKNOWN ? "unknown" : Integer.toString(code);
        Map<Result, Counter> results = new EnumMap<>(Result.class);
        for (Result result : Result.values()) {
            results.put(
                    result,
                    metrics.counter(
                            "requests",
                            "Requests over RocketMQ's protocol, by request code and result.",
                            "code",
                            label,
                            "result",
                            result.name().toLowerCase(Locale.ROOT)));
        }
        return new OfCode(
                metrics.timer("request.duration", "Time from a whole request to its answer.", "code", label), results);
    }

    private static Counter notifications(String result, Metrics metrics) {
        return metrics.counter("role.notifications", "Notices of a new role to brokers (code 1008).", "result", result);
    }

    @Override
    public void onRequest(int requestCode, int responseCode, long elapsedNanos) {
        OfCode code = codes.getOrDefault(requestCode, codes.get(RequestCode.UNKNOWN));
        code.results().get(Result.of(responseCode)).increment();
        code.duration().record(elapsedNanos, TimeUnit.NANOSECONDS);
        apache.onRequest(requestCode, responseCode, elapsedNanos);
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
    public void onConnectionCut(ClosedBecause reason) {
        cut.get(reason).increment();
    }

    @Override
    public void onReadingPaused() {
        paused.increment();
    }

    @Override
    public void onNotification(boolean sent) {
        (sent ? notified : notNotified).increment();
    }
}
