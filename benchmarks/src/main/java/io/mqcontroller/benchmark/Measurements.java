package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** Every value measured, by metric and kind; the table of medians. */
final class Measurements {
    private final Map<String, Map<ControllerKind, List<Double>>> values = new LinkedHashMap<>();
    private final Map<String, Boolean> moreIsBetter = new LinkedHashMap<>();

    void add(String metric, boolean more, ControllerKind kind, double value) {
        moreIsBetter.put(metric, more);
        values.computeIfAbsent(metric, m -> new EnumMap<>(ControllerKind.class))
                .computeIfAbsent(kind, k -> new ArrayList<>())
                .add(value);
        System.err.println(kind + " " + metric + ": " + format(value));
    }

    /** One row a metric: medians, and how many times better ours is than the better of Apache's. */
    String markdown() {
        StringBuilder table =
                new StringBuilder("| metric (median) | ours | Apache DLedger | Apache jRaft | ours is better by |\n");
        table.append("|---|---:|---:|---:|---:|\n");
        values.forEach((metric, byKind) -> {
            OptionalDouble ours = median(byKind, ControllerKind.OURS);
            OptionalDouble dledger = median(byKind, ControllerKind.APACHE_DLEDGER);
            OptionalDouble jraft = median(byKind, ControllerKind.APACHE_JRAFT);
            table.append("| ").append(metric);
            for (OptionalDouble value : List.of(ours, dledger, jraft)) {
                table.append(" | ").append(value.isPresent() ? format(value.getAsDouble()) : "–");
            }
            table.append(" | ")
                    .append(ratio(moreIsBetter.get(metric), ours, dledger, jraft))
                    .append(" |\n");
        });
        return table.toString();
    }

    private static String ratio(boolean more, OptionalDouble ours, OptionalDouble dledger, OptionalDouble jraft) {
        DoubleStream apache = DoubleStream.concat(dledger.stream(), jraft.stream());
        OptionalDouble best = more ? apache.max() : apache.min();
        if (ours.isEmpty() || best.isEmpty() || ours.getAsDouble() == 0 || best.getAsDouble() == 0) {
            return "–";
        }
        double ratio = more ? ours.getAsDouble() / best.getAsDouble() : best.getAsDouble() / ours.getAsDouble();
        return String.format(Locale.ROOT, "%.2f×", ratio);
    }

    private static OptionalDouble median(Map<ControllerKind, List<Double>> byKind, ControllerKind kind) {
        List<Double> sorted =
                byKind.getOrDefault(kind, List.of()).stream().sorted().toList();
        if (sorted.isEmpty()) {
            return OptionalDouble.empty();
        }
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
