package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.FirstContact;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The number of a member's store, and those of the others' stores that it has met: by them an empty store under an old id is
 * recognised. Each message carries its sender's, as in production each connection does, and one with a store that the
 * receiver knows to be another is not taken. A new store takes part when enough of the others have welcomed it.
 */
final class StoreNumbers {
    private final SimNode node;
    private final Simulation simulation;
    private final Chance chance;
    /** Durable from the moment on at which somebody is met. */
    private final SortedMap<NodeId, Long> known = new TreeMap<>();

    private long own;
    private boolean replacesLost;
    private FirstContact contact;
    private int welcomes;
    private boolean refused;
    private boolean tookPart;
    private boolean lost;

    /** What a member says of its store to whomever it dials. */
    record Hello(long storeNumber, boolean replacesLost) {}

    StoreNumbers(SimNode node, Simulation simulation, Chance chance) {
        this.node = node;
        this.simulation = simulation;
        this.chance = chance;
        this.own = newNumber();
    }

    private long newNumber() {
        return chance.between(1, Long.MAX_VALUE - 1);
    }

    void onStart(RaftSettings settings, RecoveredState recovered) {
        refused = false;
        welcomes = 0;
        contact = new FirstContact(settings, recovered);
        if (simulation.interference().remembersStoresInMemoryOnly()) {
            known.clear();
        }
        if (mayTakePart()) {
            tookPart = true;
        } else {
            greetLater(settings, node.life());
        }
    }

    /** An empty store takes the place of a damaged one, and says so: the member knows that it has forgotten. */
    void onReplaced() {
        known.clear();
        own = newNumber();
        replacesLost = true;
    }

    /** Nothing is left, not even what says that there was something. */
    void onLost() {
        known.clear();
        own = newNumber();
        replacesLost = false;
        lost |= tookPart;
    }

    Hello hello() {
        return new Hello(own, replacesLost);
    }

    /** As {@link io.mqcontroller.raft.log.KnownStores} does. */
    boolean admits(NodeId member, Hello hello) {
        Long before = known.get(member);
        if (before == null || hello.replacesLost) {
            known.put(member, hello.storeNumber);
            return true;
        }
        return before == hello.storeNumber || !simulation.interference().comparesStores();
    }

    /** Whether the member's core runs. */
    boolean mayTakePart() {
        boolean enough = simulation.interference().takesOneWelcomeForEnough() && welcomes > 0;
        return !simulation.lostDisks().takePlace() || contact.isMade() || enough;
    }

    /** Whether its time goes on: one that was told that it has lost its store campaigns no more. */
    boolean mayTick(RaftStatus status) {
        return mayTakePart() && (!refused || status.role() == RoleName.LEADER);
    }

    /** Whether the member's core ran with this store or an earlier one. */
    boolean tookPart() {
        return tookPart;
    }

    /** Whether the member took part with a store that is gone without a trace. */
    boolean isLost() {
        return lost;
    }

    void onRefused() {
        if (!refused) {
            refused = true;
            simulation.count(Counter.EMPTY_STORES_REFUSED);
            simulation.note(node.id().value(), "is told that it has lost its store");
        }
    }

    private void onWelcome(NodeId peer) {
        boolean before = mayTakePart();
        contact.onWelcome(peer);
        welcomes++;
        if (!before && mayTakePart()) {
            tookPart = true;
            simulation.note(node.id().value(), "takes part, after " + peer + " has welcomed it");
        }
    }

    private void greetLater(RaftSettings settings, int ofLife) {
        long everyUs = 250 * settings.electionTimeoutMs();
        simulation.time().after(chance.between(0, everyUs), () -> {
            if (!node.running() || node.life() != ofLife || mayTakePart()) {
                return;
            }
            if (!node.paused()) {
                settings.bootstrap().members().keySet().stream()
                        .filter(peer -> !peer.equals(node.id()))
                        .forEach(peer -> greet(peer, ofLife));
            }
            greetLater(settings, ofLife);
        });
    }

    private void greet(NodeId peer, int ofLife) {
        Hello hello = hello();
        simulation.carry(node.id(), peer, () -> {
            SimNode greeted = simulation.node(peer);
            if (!greeted.running() || greeted.paused()) {
                return;
            }
            boolean welcome = greeted.storeNumbers().admits(node.id(), hello);
            simulation.carry(peer, node.id(), () -> onAnswer(peer, welcome, ofLife));
        });
    }

    private void onAnswer(NodeId peer, boolean welcome, int ofLife) {
        if (!node.running() || node.paused() || node.life() != ofLife) {
            return;
        }
        if (welcome) {
            onWelcome(peer);
        } else {
            onRefused();
        }
    }
}
