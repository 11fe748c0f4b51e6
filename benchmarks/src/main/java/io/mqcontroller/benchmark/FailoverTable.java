package io.mqcontroller.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Medians of failovers, and the longest pause, as Markdown. */
final class FailoverTable {
    private final StringBuilder rows = new StringBuilder();
    private final StringBuilder remarks = new StringBuilder();

    /** Times in ms; -1: nobody was elected. */
    record Measured(long noticedMs, long electedMs, long pausedMs, long backInSetMs) {}

    void add(String group, MeasuredFault fault, List<Measured> measured) {
        rows.append(String.format(
                Locale.ROOT,
                "| %s | %s | %d | %s | %s | **%s** | %s | %s |%n",
                group,
                fault.inWords(),
                measured.size(),
                ms(median(measured, Measured::noticedMs)),
                fault.endsInElection() ? ms(median(measured, Measured::electedMs)) : "nobody",
                ms(median(measured, Measured::pausedMs)),
                ms(measured.stream().mapToLong(Measured::pausedMs).max().orElse(0)),
                ms(median(measured, Measured::backInSetMs))));
    }

    /** What could not be measured. */
    void remark(String text) {
        remarks.append('\n').append(text).append('\n');
    }

    boolean isComplete() {
        return remarks.isEmpty();
    }

    @Override
    public String toString() {
        return "| group | fault | runs | noticed | elected | writes paused | longest pause | back in the set after healing |\n"
                + "|---|---|---:|---:|---:|---:|---:|---:|\n" + rows + remarks;
    }

    private static String ms(long time) {
        return time < 0 ? "–" : String.format(Locale.ROOT, "%,d ms", time);
    }

    private static long median(List<Measured> measured, ToLongFunction<Measured> time) {
        long[] sorted = measured.stream().mapToLong(time).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
