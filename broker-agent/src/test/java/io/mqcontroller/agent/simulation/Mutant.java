package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AgentCore;
import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.MutatedRule;
import io.mqcontroller.agent.simulation.invariant.Invariant;
import io.mqcontroller.agent.simulation.invariant.LeaseWithinItsGrant;
import io.mqcontroller.agent.simulation.invariant.RoleOnlyAfterSwitch;
import io.mqcontroller.controller.controller.ControllerCore;
import io.mqcontroller.controller.controller.ControllerEvent;
import io.mqcontroller.controller.controller.ControllerSettings;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.raft.simulation.Chance;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Ways to be wrong that the rules of leases and sets forbid, in agents, brokers and controllers. */
enum Mutant {
    NONE,
    LEASE_COUNTED_FROM_THE_ANSWER(MutatedRule.GRANT_COUNTED_FROM_THE_ANSWER),
    LEASE_TOO_LONG(MutatedRule.GRANT_TOO_LONG) {
        @Override
        Set<Class<? extends Invariant>> without() {
            return Set.of(LeaseWithinItsGrant.class);
        }
    },
    PROMISE_FORGOTTEN(MutatedRule.PROMISE_FORGOTTEN),
    PROMISE_TOO_SHORT(MutatedRule.PROMISE_TOO_SHORT),
    NO_PROMISE_AT_START(MutatedRule.NO_PROMISE_AT_START),
    LEASE_GROUP_DOES_NOT_WAIT(MutatedRule.NO_PROMISE_BINDS),
    PROMISE_ENDED_BY_SILENCE(MutatedRule.ENDED_BY_SILENCE),
    ONE_PEER_IS_ENOUGH(MutatedRule.ONE_PEER_IS_ENOUGH),
    MEMBERS_WITHOUT_AGENT_NEED_NOT_CONFIRM(MutatedRule.ONLY_AGENTS_CONFIRM),
    UNION_LEFT_OUT(MutatedRule.UNION_LEFT_OUT),
    SHRUNK_WITHOUT_CONFIRMATION(MutatedRule.SHRUNK_WITHOUT_CONFIRMATION),
    JOINS_BEFORE_CAUGHT_UP(MutatedRule.JOINS_BEFORE_CAUGHT_UP),
    DONE_BEFORE_THE_SWITCH(MutatedRule.DONE_BEFORE_THE_SWITCH) {
        @Override
        Set<Class<? extends Invariant>> without() {
            return Set.of();
        }
    },
    STALE_VIEW_FOLLOWED(MutatedRule.STALE_VIEW_FOLLOWED) {
        @Override
        Set<Class<? extends Invariant>> without() {
            return Set.of(RoleOnlyAfterSwitch.class);
        }
    },
    ALONE_WHILE_THE_SET_CHANGES(MutatedRule.ALONE_WHILE_CHANGING),
    ADMITS_WHILE_BOUND(MutatedRule.ADMITS_WHILE_BOUND) {
        @Override
        Plan plan(Chance chance) {
            return Plan.draw(chance).withSwitchOversEvery(500);
        }
    },
    WEAKER_THAN_TOLD(MutatedRule.WEAKER_THAN_TOLD),
    GOES_ON_AFTER_A_RESTART(MutatedRule.TRUSTS_OLD_EPOCH),
    PERMIT_NOT_CHECKED_AT_THE_ACKNOWLEDGEMENT {
        @Override
        boolean forgetsPermitAtAck() {
            return true;
        }
    },
    PERMIT_NOT_CHECKED_AT_THE_SOCKET {
        @Override
        boolean answersLate() {
            return true;
        }
    },
    ONE_COPY_IS_ENOUGH {
        @Override
        int heldByNeeded(int slowest, int fastest) {
            return fastest;
        }
    },
    EPOCH_WITHOUT_MESSAGES_GOES_ON {
        @Override
        BrokerLog.EpochRule epochRule() {
            return BrokerLog.EpochRule.ROCKETMQ;
        }
    },
    ELECTS_FROM_OUTSIDE_THE_SET {
        @Override
        boolean electsFromOutside() {
            return true;
        }
    },
    HANDS_OVER_TOO_EARLY(MutatedRule.HANDS_OVER_TOO_EARLY),
    WRITES_AFTER_HANDING_OVER(MutatedRule.WRITES_AFTER_HANDING_OVER),
    ELECTS_ANOTHER_ONE_THAN_THE_HEIR {
        @Override
        long heir(long named) {
            return 0;
        }

        @Override
        Plan plan(Chance chance) {
            return Plan.draw(chance).withSwitchOversEvery(500);
        }
    },
    LEADER_GRANTS_WITHOUT_PROOF {
        @Override
        boolean provesNothing() {
            return true;
        }
    },
    LEADER_DOES_NOT_WAIT {
        @Override
        ControllerSettings controllerSettings(ControllerSettings sound) {
            return sound.withLease(new LeaseSettings(1));
        }

        @Override
        long leaseTold(long leaseMs) {
            return leaseMs > 0 ? LeaseSettings.DEFAULT.leaseMs() : 0;
        }
    },
    NEW_LEADER_DOES_NOT_WAIT {
        @Override
        void afterTurn(ControllerCore core, List<ControllerEvent> events) {
            if (events.stream().anyMatch(ControllerEvent.Leading.class::isInstance)) {
                ForgottenLeases.forgetIn(core);
            }
        }
    },
    NEW_LEADER_TAKES_EVERY_RULE_FOR_THE_STRONGER {
        @Override
        void afterTurn(ControllerCore core, List<ControllerEvent> events) {
            if (events.stream().anyMatch(ControllerEvent.Leading.class::isInstance)) {
                ForgottenLeases.assumeStrongerRulesIn(core);
            }
        }
    },
    STRONGER_RULE_RECORDED_TOO_SOON {
        @Override
        void afterTurn(ControllerCore core, List<ControllerEvent> events) {
            ForgottenLeases.recordStrongerRulesIn(core);
        }
    },
    NO_LEASES_IN_MIXED_GROUPS {
        @Override
        void afterTurn(ControllerCore core, List<ControllerEvent> events) {
            core.state().metadata().groups().forEach((key, group) -> {
                if (group.isMixed()) {
                    ForgottenLeases.forgetIn(core);
                }
            });
        }
    },
    NEW_LEADER_GOES_BY_ITS_OWN_LEASE {
        @Override
        void afterTurn(ControllerCore core, List<ControllerEvent> events) {
            if (events.stream().anyMatch(ControllerEvent.Leading.class::isInstance)) {
                ForgottenLeases.assumeOwnIn(core);
            }
        }

        @Override
        Plan plan(Chance chance) {
            return super.plan(chance).withLeasesThatDiffer();
        }
    };

    private static final Set<Mutant> ABOUT_THE_SET =
            EnumSet.of(UNION_LEFT_OUT, SHRUNK_WITHOUT_CONFIRMATION, JOINS_BEFORE_CAUGHT_UP, ONE_COPY_IS_ENOUGH);

    private static final Set<Mutant> CORNERED = EnumSet.of(
            LEASE_COUNTED_FROM_THE_ANSWER,
            NO_PROMISE_AT_START,
            PROMISE_ENDED_BY_SILENCE,
            PROMISE_TOO_SHORT,
            ONE_PEER_IS_ENOUGH,
            ALONE_WHILE_THE_SET_CHANGES,
            PERMIT_NOT_CHECKED_AT_THE_ACKNOWLEDGEMENT,
            PERMIT_NOT_CHECKED_AT_THE_SOCKET,
            LEADER_GRANTS_WITHOUT_PROOF,
            MEMBERS_WITHOUT_AGENT_NEED_NOT_CONFIRM,
            NO_LEASES_IN_MIXED_GROUPS,
            NEW_LEADER_DOES_NOT_WAIT,
            NEW_LEADER_TAKES_EVERY_RULE_FOR_THE_STRONGER,
            STRONGER_RULE_RECORDED_TOO_SOON,
            NEW_LEADER_GOES_BY_ITS_OWN_LEASE);

    private static final Set<Mutant> MIXED =
            EnumSet.of(MEMBERS_WITHOUT_AGENT_NEED_NOT_CONFIRM, NO_LEASES_IN_MIXED_GROUPS);

    private final MutatedRule rule;

    Mutant() {
        this(MutatedRule.NONE);
    }

    Mutant(MutatedRule rule) {
        this.rule = rule;
    }

    AgentCore agent(AgentSettings settings) {
        return rule.agent(settings);
    }

    /** What it takes to see it, beside the seed. */
    Plan plan(Chance chance) {
        boolean aboutTheSet = ABOUT_THE_SET.contains(this);
        if (!aboutTheSet && !CORNERED.contains(this)) {
            return Plan.draw(chance);
        }
        Plan plan = Plan.cornered(chance, aboutTheSet, chance.oneOf(0, 50, 300));
        return MIXED.contains(this) ? plan.with(Mixture.draw(chance)) : plan;
    }

    Set<Class<? extends Invariant>> without() {
        return Set.of();
    }

    ControllerSettings controllerSettings(ControllerSettings sound) {
        return sound;
    }

    void afterTurn(ControllerCore core, List<ControllerEvent> events) {}

    boolean provesNothing() {
        return false;
    }

    long leaseTold(long leaseMs) {
        return leaseMs;
    }

    /** Whom the leader elects when this one is named; 0: whoever it likes. */
    long heir(long named) {
        return named;
    }

    boolean forgetsPermitAtAck() {
        return false;
    }

    /** Whether an answer is on its way for a while after the last look at the permit, and does not stop for anything. */
    boolean answersLate() {
        return false;
    }

    /** Up to where the log is held by all whose copies are needed. */
    int heldByNeeded(int slowest, int fastest) {
        return slowest;
    }

    boolean electsFromOutside() {
        return false;
    }

    BrokerLog.EpochRule epochRule() {
        return BrokerLog.EpochRule.AGENT;
    }
}
