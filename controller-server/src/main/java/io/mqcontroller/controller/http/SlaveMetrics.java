package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.mqcontroller.controller.controller.service.AgentsView;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.SlaveView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * How far each slave is behind, as the agent of its master tells the leader. Three series for each slave, so only where an
 * operator asks for them ({@code metricsPerBroker}); they go when the slave, or the leadership, does.
 */
public final class SlaveMetrics {
    private final Supplier<ControllerView> view;
    private final MultiGauge lagMs;
    private final MultiGauge lagBytes;
    private final MultiGauge connected;

    /** Shown from now on, as of each look at the page. */
    public SlaveMetrics(Metrics metrics, Supplier<ControllerView> view) {
        this.view = Objects.requireNonNull(view, "view");
        lagMs = metrics.multiGauge("slave.lag", "seconds", "Time since this slave had everything.");
        lagBytes = metrics.multiGauge("slave.lag.bytes", "", "What this slave does not have yet.");
        connected = metrics.multiGauge("slave.connected", "", "1: its master sees this slave connected.");
        metrics.beforeEachPage(this::refresh);
    }

    private void refresh() {
        AgentsView agents = view.get().agents();
        lagMs.register(rows(agents, slave -> slave.status().lagMs() / 1_000.0), true);
        lagBytes.register(rows(agents, slave -> slave.status().lagBytes()), true);
        connected.register(rows(agents, slave -> slave.status().connected() ? 1 : 0), true);
    }

    private static List<MultiGauge.Row<?>> rows(AgentsView agents, ToDoubleFunction<SlaveView> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>(agents.everySlave().size());
        for (SlaveView slave : agents.everySlave()) {
            Tags tags = Tags.of(
                    "cluster",
                    slave.group().cluster(),
                    "broker_name",
                    slave.group().brokerName(),
                    "broker_id",
                    slave.status().id().toString());
            rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(slave)));
        }
        return rows;
    }
}
