package io.mqcontroller.controller.http;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * The registry, and how meters are named and cut: prefix {@code mqcontroller_}, base units, fixed buckets from 0.5 ms to
 * 10 s, a help text for each.
 */
public final class Metrics implements AutoCloseable {
    static final String PREFIX = "mqcontroller.";

    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final List<Runnable> refreshes = new CopyOnWriteArrayList<>();

    /**
     * Starts with what the process and its JVM show.
     *
     * @param version of the product
     * @param store folder whose free room is shown
     */
    public Metrics(String version, Path store) {
        // Its name ends like a part of a histogram, which checkers of Prometheus' rules refuse.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        // In nanoseconds, where Prometheus' rules want seconds: counted below instead.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / 1e9)
                    .description("Processor time of this process, in user and system mode.")
                    .baseUnit("seconds")
                    .register(registry);
        }
        Gauge.builder(PREFIX + "build.info", () -> 1)
                .description("Always 1; the labels say which build runs.")
                .tag("version", version)
                .tag("java_version", Runtime.version().toString())
                .register(registry);
        gauge("disk.free", "bytes", "Room left on the disk of controllerStorePath.", store, path -> path.toFile()
                .getUsableSpace());
    }

    /** The page for {@code /metrics}. */
    public HttpPage page() {
        return new MetricsPage(registry, () -> refreshes.forEach(Runnable::run));
    }

    /** All metrics as of now, in Prometheus' text format. */
    public String text() {
        refreshes.forEach(Runnable::run);
        return registry.scrape();
    }

    /** Runs before each page is made, on the thread that makes it. */
    void beforeEachPage(Runnable refresh) {
        refreshes.add(refresh);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** A value that is looked up at each scrape; {@code from} is kept from being collected. */
    <T> void gauge(String name, String unit, String help, T from, ToDoubleFunction<T> value, String... tags) {
        Gauge.builder(PREFIX + name, from, value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** Values of which each has labels of its own, and which come and go. */
    MultiGauge multiGauge(String name, String unit, String help) {
        return MultiGauge.builder(PREFIX + name)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    Counter counter(String name, String help, String... tags) {
        return Counter.builder(PREFIX + name).description(help).tags(tags).register(registry);
    }

    /** Of connections that this side ended; one name for all of their reasons. */
    Counter rejected(String reason) {
        return counter("rejected", "Connections that this side ended, by reason.", "reason", reason);
    }

    Timer timer(String name, String help, String... tags) {
        return Timer.builder(PREFIX + name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
