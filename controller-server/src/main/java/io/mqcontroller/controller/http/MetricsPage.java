package io.mqcontroller.controller.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** All metrics: OpenMetrics for those who accept it, else Prometheus' older text format. */
public final class MetricsPage implements HttpPage {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Runnable before;

    /** @param before brings the registry up to date */
    MetricsPage(PrometheusMeterRegistry registry, Runnable before) {
        this.registry = registry;
        this.before = before;
    }

    @Override
    public Answer answer(Query query) {
        before.run();
        boolean openMetrics = query.accept().toLowerCase(Locale.ROOT).contains("application/openmetrics-text");
        String contentType = openMetrics ? OPEN_METRICS : TEXT;
        return new Answer(200, contentType, registry.scrape(contentType).getBytes(StandardCharsets.UTF_8));
    }
}
