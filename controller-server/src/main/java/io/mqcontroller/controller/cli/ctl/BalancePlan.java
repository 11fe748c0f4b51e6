package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.MasterBalance.Broker;
import io.mqcontroller.controller.cli.ctl.MasterBalance.Candidates;
import io.mqcontroller.controller.cli.ctl.MasterBalance.Move;
import io.mqcontroller.controller.cli.ctl.MasterBalance.Place;
import io.mqcontroller.controller.cli.ctl.MasterCounts.Gain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Improves a distribution of masters until nothing does: by the one move that evens out most, and where there is none, by a chain
 * of moves, of which each goes where the next one made room. Where zones play no part no distribution is more even than the last
 * one: "Semi-Matchings for Bipartite Graphs and Load Balancing" (Harvey, Ladner, Lovász, Tamir; 2003), section 3, cost-reducing
 * paths.
 */
final class BalancePlan {
    private final MasterCounts counts;
    private final List<Planned> groups = new ArrayList<>();
    /** Those that are to move, in the order in which they were last decided on. */
    private final Map<Planned, Move> moves = new LinkedHashMap<>();

    /** A group, and who is to be its master as far as is decided. */
    private static final class Planned {
        final Candidates group;
        /** Everybody who could be; it gains nothing to move to who is. */
        final List<Broker> candidates = new ArrayList<>();

        Broker master;

        Planned(Candidates group) {
            this.group = group;
            this.master = group.master();
            candidates.add(master);
            candidates.addAll(group.others());
        }
    }

    private record Step(Planned group, Broker to) {
        Place from() {
            return group.master.place();
        }
    }

    /** @param counts are changed */
    BalancePlan(List<Candidates> groups, MasterCounts counts) {
        this.counts = counts;
        groups.forEach(group -> this.groups.add(new Planned(group)));
    }

    /** Each group once at most: one that would move twice moves at once to where it belongs in the end. */
    List<Move> moves() {
        // Each round makes the sums of the squares smaller, so there is an end.
        for (List<Step> next = next(); !next.isEmpty(); next = next()) {
            next.forEach(this::take);
        }
        return List.copyOf(moves.values());
    }

    private void take(Step step) {
        counts.move(step.from(), step.to().place());
        step.group().master = step.to();
        Candidates group = step.group().group;
        moves.remove(step.group());
        if (!step.to().equals(group.master())) {
            moves.put(step.group(), new Move(group.name(), group.master(), step.to()));
        }
    }

    /** Empty: it can't be more even. Chains are looked for last, for that takes longer. */
    private List<Step> next() {
        List<Step> single = bestMove();
        return single.isEmpty() ? bestChain() : single;
    }

    private List<Step> bestMove() {
        List<Step> best = List.of();
        Gain most = Gain.NONE;
        for (Planned group : groups) {
            for (Broker candidate : group.candidates) {
                Gain gain = counts.gain(group.master.place(), candidate.place());
                if (gain.compareTo(most) > 0) {
                    most = gain;
                    best = List.of(new Step(group, candidate));
                }
            }
        }
        return best;
    }

    private List<Step> bestChain() {
        SortedMap<Place, Map<Place, Step>> steps = stepsBetweenPlaces();
        List<Step> best = List.of();
        Gain most = Gain.NONE;
        for (Place start : steps.keySet()) {
            Map<Place, Step> arrivals = reachableFrom(start, steps);
            for (Place end : arrivals.keySet()) {
                Gain gain = counts.gain(start, end);
                if (gain.compareTo(most) > 0) {
                    most = gain;
                    best = chain(start, end, arrivals);
                }
            }
        }
        return best;
    }

    /** For each place the others to which it can give a master, and one step that does so. */
    private SortedMap<Place, Map<Place, Step>> stepsBetweenPlaces() {
        SortedMap<Place, Map<Place, Step>> steps = new TreeMap<>();
        for (Planned group : groups) {
            Map<Place, Step> away = steps.computeIfAbsent(group.master.place(), place -> new LinkedHashMap<>());
            group.candidates.forEach(candidate -> away.putIfAbsent(candidate.place(), new Step(group, candidate)));
        }
        return steps;
    }

    /** The last step of a shortest chain to each place. */
    private static Map<Place, Step> reachableFrom(Place start, Map<Place, Map<Place, Step>> steps) {
        Map<Place, Step> arrivals = new LinkedHashMap<>();
        ArrayDeque<Place> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            steps.getOrDefault(open.remove(), Map.of()).forEach((place, step) -> {
                if (!place.equals(start) && arrivals.putIfAbsent(place, step) == null) {
                    open.add(place);
                }
            });
        }
        return arrivals;
    }

    /** Its last step first: that is the one which makes room for the one before. */
    private static List<Step> chain(Place start, Place end, Map<Place, Step> arrivals) {
        List<Step> chain = new ArrayList<>();
        for (Place place = end;
                !place.equals(start);
                place = chain.get(chain.size() - 1).from()) {
            chain.add(arrivals.get(place));
        }
        return chain;
    }
}
