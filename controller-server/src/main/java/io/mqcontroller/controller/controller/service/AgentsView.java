package io.mqcontroller.controller.controller.service;

import java.util.List;

/**
 * What the agents of living replicas said last, summed up; only a leader hears them.
 *
 * @param masters and {@code slaves}, {@code fenced}: agents by the role that they have
 * @param shortestLeaseMs of the masters, left when they said so; -1 without masters
 * @param slavesConnected that masters see connected
 * @param slavesNotConnected that masters know of and do not see connected
 * @param longestLagMs time since the slave that is furthest behind had everything
 * @param longestLagBytes that the slave that is furthest behind does not have
 * @param everySlave that a master knows of
 */
public record AgentsView(
        int masters,
        int slaves,
        int fenced,
        long shortestLeaseMs,
        int slavesConnected,
        int slavesNotConnected,
        long longestLagMs,
        long longestLagBytes,
        List<SlaveView> everySlave) {
    public static final AgentsView NONE = new AgentsView(0, 0, 0, -1, 0, 0, 0, 0, List.of());

    public AgentsView {
        everySlave = List.copyOf(everySlave);
    }
}
