package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.AgentAction.Note.Kind;
import java.util.Optional;

/**
 * Gives a master's role to one replica, by order of the controllers, and loses nothing, whatever the rule for acknowledging:
 * no new write is taken; when those under way have ended and the replica has everything, the broker is fenced and the lease given
 * back with the replica's name. If that takes too long the master goes on as before.
 *
 * <table>
 * <caption>Phases</caption>
 * <tr><th>from</th><th>cause</th><th>to</th></tr>
 * <tr><td>NONE</td><td>an order, and the replica is close</td><td>PAUSING</td></tr>
 * <tr><td>PAUSING</td><td>no write can be appended any more</td><td>CATCHING_UP</td></tr>
 * <tr><td>CATCHING_UP</td><td>the replica has everything</td><td>ANSWERING</td></tr>
 * <tr><td>ANSWERING</td><td>clients have had a moment to be answered</td><td>GIVEN</td></tr>
 * <tr><td>PAUSING to ANSWERING</td><td>the time is over, or the replica or the role is gone</td><td>NONE</td></tr>
 * <tr><td>GIVEN</td><td>a newer masterEpoch</td><td>NONE</td></tr>
 * </table>
 */
final class HandOver {
    private static final long LOOK_MS = 5;

    private final Memory memory;
    private final SyncStateSetKeeper keeper;
    private final RoleSwitch roles;
    private final Heartbeats heartbeats;
    private Phase phase = Phase.NONE;
    private HandOverOrder order;
    private int epoch = Memory.NO_EPOCH;
    private long beganMs;
    private long lookedMs;
    private long answeredDueMs;

    private enum Phase {
        NONE,
        PAUSING,
        CATCHING_UP,
        ANSWERING,
        GIVEN
    }

    HandOver(Memory memory, SyncStateSetKeeper keeper, RoleSwitch roles, Heartbeats heartbeats) {
        this.memory = memory;
        this.keeper = keeper;
        this.roles = roles;
        this.heartbeats = heartbeats;
    }

    /** Of a leader, to the master that this replica is now. It comes again until the outcome is reported. */
    void onOrder(HandOverOrder told) {
        if (phase != Phase.NONE || !memory.isMaster() || told.number() == memory.handOver.order()) {
            return;
        }
        order = told;
        epoch = memory.roleEpoch;
        beganMs = memory.nowMs;
        Optional<String> obstacle = obstacle().or(this::tooFarBehind);
        if (obstacle.isPresent()) {
            report(obstacle.get());
            return;
        }
        phase = Phase.PAUSING;
        memory.actions.note(Kind.STATE, "hands over to replica " + order.to() + ": writes pause");
        memory.actions.add(new AgentAction.PauseWrites(order.number()));
    }

    /** Why this can't be, or not any more. */
    private Optional<String> obstacle() {
        if (order.to() == memory.brokerId || !keeper.confirmed().members().contains(order.to())) {
            return Optional.of("NOT_IN_SYNC: replica " + order.to() + " is not among the others of the SyncStateSet "
                    + keeper.confirmed());
        }
        Optional<SlaveProgress> target = target();
        if (target.isEmpty() || !target.get().connected() || target.get().learner()) {
            return Optional.of("NOT_CONNECTED: replica " + order.to() + " does not copy from the master now");
        }
        return Optional.empty();
    }

    private Optional<String> tooFarBehind() {
        long lag = lagBytes();
        return lag > order.maxLagBytes()
                ? Optional.of("TOO_FAR_BEHIND: replica " + order.to() + " lacks " + lag + " bytes; at most "
                        + order.maxLagBytes() + " are allowed")
                : Optional.empty();
    }

    private Optional<SlaveProgress> target() {
        return memory.report.slaves().stream()
                .filter(slave -> slave.brokerId() == order.to())
                .findFirst();
    }

    private long lagBytes() {
        long acked = target().map(SlaveProgress::ackOffset).orElse(0L);
        return Math.max(0, memory.report.maxOffset() - Math.max(0, acked));
    }

    /** Whatever is in the log now, nothing will be added. */
    void onPaused(long number) {
        if (phase == Phase.PAUSING && order.number() == number) {
            phase = Phase.CATCHING_UP;
            lookedMs = memory.nowMs;
        }
    }

    /** Only with a report that was made after the last step, so after the last write. */
    void onReport() {
        lookedMs = memory.nowMs;
        if (phase == Phase.CATCHING_UP && hasEverything()) {
            phase = Phase.ANSWERING;
            answeredDueMs = memory.nowMs + LOOK_MS;
        } else if (phase == Phase.ANSWERING && memory.nowMs >= answeredDueMs && isInOffice()) {
            give();
        }
    }

    private boolean hasEverything() {
        long acked = target().map(SlaveProgress::ackOffset).orElse(-1L);
        boolean inThisEpoch = acked >= memory.report.epochStartOffset();
        return memory.rules.mayHandOver(inThisEpoch && acked >= memory.report.maxOffset());
    }

    private boolean isInOffice() {
        return memory.isMaster()
                && memory.roleEpoch == epoch
                && !memory.stopping
                && obstacle().isEmpty();
    }

    private void give() {
        phase = Phase.GIVEN;
        memory.resignedEpoch = epoch;
        memory.handOver = new HandOverReport(order.number(), order.to(), "");
        memory.heirEpoch = epoch;
        if (memory.rules.stopsWhenHandedOver()) {
            roles.leaveRole("hands over to replica " + order.to() + ", which has everything");
        }
        memory.actions.add(new AgentAction.ResumeWrites());
        heartbeats.soon();
    }

    long dueMs() {
        return switch (phase) {
            case NONE, GIVEN -> Long.MAX_VALUE;
            case PAUSING -> beganMs + order.limitMs();
            case CATCHING_UP -> Math.min(beganMs + order.limitMs(), lookedMs + LOOK_MS);
            case ANSWERING -> answeredDueMs;
        };
    }

    void advance() {
        if (phase == Phase.GIVEN && memory.knownMasterEpoch > epoch) {
            phase = Phase.NONE;
        } else if (phase == Phase.PAUSING || phase == Phase.CATCHING_UP || phase == Phase.ANSWERING) {
            if (!memory.isMaster() || memory.roleEpoch != epoch || memory.stopping) {
                giveUp("OVERTAKEN: the master has lost its role or stops");
            } else if (obstacle().isPresent()) {
                giveUp(obstacle().get());
            } else if (phase != Phase.ANSWERING && memory.nowMs >= beganMs + order.limitMs()) {
                giveUp("NOT_EQUAL: replica " + order.to() + " lacked " + lagBytes() + " bytes "
                        + (memory.nowMs - beganMs) + " ms after writes were paused");
            }
        }
    }

    private void giveUp(String why) {
        phase = Phase.NONE;
        memory.actions.add(new AgentAction.ResumeWrites());
        report(why);
    }

    private void report(String why) {
        memory.handOver = new HandOverReport(order.number(), 0, why);
        memory.actions.note(Kind.STATE, "does not hand over to replica " + order.to() + ": " + why);
        heartbeats.soon();
    }
}
