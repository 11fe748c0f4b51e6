package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The thread of a member: a mailbox, and the real core, which takes in some of it at each turn. What the core wants done is
 * carried out one effect after the other; the member may crash between any two.
 */
final class MemberLoop {
    static final int NEVER = Integer.MAX_VALUE;

    private final SimNode node;
    private final Simulation simulation;
    private final RaftSettings settings;
    private final Chance chance;
    private final PendingRequests requests;
    private final MemberEffects executor;
    private final Deque<Event> mailbox = new ArrayDeque<>();
    private RaftCore core;
    private RaftStatus status;
    private boolean wakeUpDue;
    private boolean tickWaiting;
    private int effectsUntilCrash = NEVER;

    /** Unwinds the carrying out of effects when the member crashes in the middle. */
    static final class Crashed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crashed() {
            super(null, null, false, false);
        }
    }

    MemberLoop(
            SimNode node,
            Simulation simulation,
            RaftSettings settings,
            Chance chance,
            PendingRequests requests,
            MemberEffects executor) {
        this.node = node;
        this.simulation = simulation;
        this.settings = settings;
        this.chance = chance;
        this.requests = requests;
        this.executor = executor;
    }

    void begin(RecoveredState recovered) {
        core = new RaftCore(settings, recovered, chance.forCore());
        status = core.status();
    }

    void end() {
        effectsUntilCrash = NEVER;
        mailbox.clear();
        tickWaiting = false;
    }

    /** As of the end of the last step. */
    RaftStatus status() {
        return status;
    }

    /** The member crashes after this many more effects. */
    void crashAfterEffects(int effects) {
        effectsUntilCrash = effects;
    }

    void add(Event event) {
        mailbox.add(event);
        wakeUpLater();
    }

    void tickLater(long delayUs) {
        int ofLife = node.life();
        simulation.time().after(delayUs, () -> {
            if (!node.running() || ofLife != node.life()) {
                return;
            }
            if (!tickWaiting && node.storeNumbers().mayTick(status)) {
                tickWaiting = true;
                node.deliver(new Event.Tick());
            }
            tickLater(settings.tickMs() * 1_000);
        });
    }

    void wakeUpLater() {
        if (wakeUpDue || node.paused()) {
            return;
        }
        wakeUpDue = true;
        int ofLife = node.life();
        simulation.time().after(chance.between(0, simulation.plan().tuning().thinkUs()), () -> {
            wakeUpDue = false;
            boolean awake = node.running() && !node.paused();
            if (awake && ofLife == node.life()) {
                takeIn();
            } else if (awake && !mailbox.isEmpty()) {
                wakeUpLater();
            }
        });
    }

    private void takeIn() {
        if (mailbox.isEmpty()) {
            return;
        }
        int most = Math.min(mailbox.size(), simulation.plan().tuning().batch());
        int count = (int) chance.between(1, most);
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(mailbox.remove());
        }
        noteAll(events);
        try {
            step(simulation.interference().onEvents(node, events));
        } catch (Crashed crashed) {
            node.crash();
            return;
        }
        if (!mailbox.isEmpty()) {
            wakeUpLater();
        }
    }

    private void noteAll(List<Event> events) {
        requests.onStepBegun();
        for (Event event : events) {
            simulation.note(node.id().value(), event);
            if (event instanceof Event.Tick) {
                tickWaiting = false;
            } else if (event instanceof Event.ReadRequested read) {
                requests.onTakenIn(read);
            }
        }
        simulation.countStep(events.size());
    }

    private void step(List<Event> events) {
        long nowMs = node.clock().nowMs();
        List<Effect> effects =
                events.size() == 1 && chance.permille(500) ? core.step(nowMs, events.get(0)) : core.step(nowMs, events);
        status = core.status();
        for (Effect effect : simulation.interference().onEffects(node, effects)) {
            carryOut(effect);
        }
        simulation.invariants().afterStep(node);
    }

    private void carryOut(Effect effect) {
        if (effectsUntilCrash != NEVER && effectsUntilCrash-- <= 0) {
            simulation.count(Counter.CRASHES_BETWEEN_EFFECTS);
            throw new Crashed();
        }
        simulation.note(node.id().value(), effect);
        effect.executeWith(executor);
        simulation.invariants().onEffect(node, effect);
    }
}
