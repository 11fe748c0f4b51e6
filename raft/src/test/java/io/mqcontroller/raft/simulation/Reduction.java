package io.mqcontroller.raft.simulation;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is left out of a run that its seed would bring.
 *
 * @param only the incidents that happen, if not all
 * @param calmed traits of the surroundings that are as harmless as can be
 */
record Reduction(Optional<Set<Incident>> only, Set<Trait> calmed) {
    static final Reduction NONE = new Reduction(Optional.empty(), EnumSet.noneOf(Trait.class));

    Reduction {
        only = only.map(Set::copyOf);
        calmed = Set.copyOf(calmed);
    }

    boolean allows(Incident incident) {
        return only.isEmpty() || only.get().contains(incident);
    }

    Reduction withOnly(Set<Incident> incidents) {
        return new Reduction(Optional.of(incidents), calmed);
    }

    Reduction withCalmed(Trait trait) {
        Set<Trait> more = EnumSet.of(trait);
        more.addAll(calmed);
        return new Reduction(only, more);
    }
}
