package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.simulation.invariant.Invariant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds a small part of a seed's faults that still makes it fail in the same way: first the surroundings are calmed trait by
 * trait, then incidents are left out by halves, quarters and so on (delta debugging, Zeller and Hildebrandt 2002).
 */
final class Shrinker {
    private final long seed;
    private final Supplier<Interference> interference;
    private final Set<Class<? extends Invariant>> without;
    private int runs;

    /** A failing run with what was left of its faults. */
    record Shrunk(Reduction reduction, SimulationFailure failure, List<IncidentLog.Happened> incidents, int runs) {
        /** For people: the plan that is left, and the failure. */
        String report() {
            StringBuilder text = new StringBuilder();
            text.append(failure.firstLine()).append("\nafter ").append(runs).append(" runs the shortest plan is: ");
            text.append(incidents.size()).append(" incidents, without ").append(reduction.calmed());
            incidents.forEach(incident -> text.append("\n  ").append(incident));
            return text.toString();
        }
    }

    Shrinker(long seed, Supplier<Interference> interference, Set<Class<? extends Invariant>> without) {
        this.seed = seed;
        this.interference = interference;
        this.without = without;
    }

    /** Empty if the seed does not fail at all. */
    Optional<Shrunk> shrink() {
        Optional<Shrunk> first = fails(Reduction.NONE);
        if (first.isEmpty()) {
            return first;
        }
        String kind = first.get().failure().kind();
        Shrunk smallest = first.get();
        for (Trait trait : Trait.values()) {
            smallest = failsLike(kind, smallest.reduction().withCalmed(trait)).orElse(smallest);
        }
        return Optional.of(withFewerIncidents(kind, smallest));
    }

    private Shrunk withFewerIncidents(String kind, Shrunk from) {
        Shrunk smallest = from;
        int parts = 1;
        while (!smallest.incidents().isEmpty() && parts <= smallest.incidents().size()) {
            Optional<Shrunk> smaller = withoutOnePartOf(kind, smallest, parts);
            if (smaller.isPresent()) {
                smallest = smaller.get();
                parts = Math.max(1, parts - 1);
            } else if (parts == smallest.incidents().size()) {
                break;
            } else {
                parts = Math.min(2 * parts, smallest.incidents().size());
            }
        }
        return smallest;
    }

    private Optional<Shrunk> withoutOnePartOf(String kind, Shrunk from, int parts) {
        List<Incident> all =
                from.incidents().stream().map(IncidentLog.Happened::incident).toList();
        for (int part = 0; part < parts; part++) {
            List<Incident> kept = new ArrayList<>(all);
            kept.subList(part * all.size() / parts, (part + 1) * all.size() / parts)
                    .clear();
            Optional<Shrunk> smaller = failsLike(kind, from.reduction().withOnly(new LinkedHashSet<>(kept)));
            if (smaller.isPresent()) {
                return smaller;
            }
        }
        return Optional.empty();
    }

    private Optional<Shrunk> failsLike(String kind, Reduction reduction) {
        return fails(reduction).filter(shrunk -> shrunk.failure().kind().equals(kind));
    }

    private Optional<Shrunk> fails(Reduction reduction) {
        runs++;
        Simulation simulation = Simulation.of(seed, interference.get(), without, reduction);
        try {
            simulation.run();
            return Optional.empty();
        } catch (SimulationFailure failure) {
            return Optional.of(
                    new Shrunk(reduction, failure, simulation.incidents().all(), runs));
        }
    }
}
