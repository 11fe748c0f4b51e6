package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.simulation.invariant.CommittedIsDurable;
import io.mqcontroller.raft.simulation.invariant.EmptyStoreTakesNoPart;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import java.util.Set;

/** Ways to be wrong about members whose disks are lost, and about those who replace them. */
enum LostDiskMutant {
    /** An empty store under an old id is welcome, and votes. */
    STORES_NOT_COMPARED(Set.of()) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public boolean comparesStores() {
                    return false;
                }
            };
        }
    },
    /** The same; what must be found is what comes of it. */
    STORES_NOT_COMPARED_AND_NO_RULE_ABOUT_THEM(Set.of(EmptyStoreTakesNoPart.class)) {
        @Override
        Interference create() {
            return STORES_NOT_COMPARED.create();
        }
    },
    STORES_REMEMBERED_IN_MEMORY_ONLY(Set.of()) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public boolean remembersStoresInMemoryOnly() {
                    return true;
                }
            };
        }
    },
    /** That one may be new itself, or have lost its disk as well. */
    ONE_WELCOME_IS_ENOUGH(Set.of()) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public boolean takesOneWelcomeForEnough() {
                    return true;
                }
            };
        }
    },
    /** The member with the new id counts while it learns. */
    SUBSTITUTE_COUNTS_BEFORE_ITS_PROMOTION(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return MembershipMutant.LEARNER_COUNTS.create();
        }
    };

    private final Set<Class<? extends Invariant>> without;

    LostDiskMutant(Set<Class<? extends Invariant>> without) {
        this.without = without;
    }

    Set<Class<? extends Invariant>> without() {
        return without;
    }

    /** A new one for each simulation. */
    abstract Interference create();
}
