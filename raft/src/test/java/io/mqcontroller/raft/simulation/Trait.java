package io.mqcontroller.raft.simulation;

import java.util.function.UnaryOperator;

/** Something about a plan that may be left out of it, to see whether a failure needs it. */
enum Trait {
    LOSS(plan -> plan.with(plan.network().withLoss(0))),
    DUPLICATION(plan -> plan.with(plan.network().withDuplicates(0))),
    DAMAGE_ON_THE_WAY(plan -> plan.with(plan.network().withDamage(0))),
    JITTER(plan -> plan.with(plan.network().withoutJitter())),
    DISK_LATENCY(plan -> plan.with(plan.disk().fast())),
    DISK_FAULTS(plan -> plan.with(plan.disk().faultless())),
    CLOCK_DRIFT(plan -> plan.with(plan.tuning().withDrift(0))),
    SLOW_MEMBERS(plan -> plan.with(plan.tuning().withThinkUs(0))),
    READS(plan -> plan.with(plan.load().withReads(0))),
    REPLAYS(plan -> plan.with(plan.load().withReplays(0))),
    CLIENTS(plan -> plan.with(plan.load().withClients(1))),
    CLIENTS_LOSS(plan -> plan.with(plan.load().withLoss(0)));

    private final UnaryOperator<FaultPlan> calm;

    Trait(UnaryOperator<FaultPlan> calm) {
        this.calm = calm;
    }

    /** The plan without it. */
    FaultPlan calm(FaultPlan plan) {
        return calm.apply(plan);
    }
}
