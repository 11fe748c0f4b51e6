package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.List;

/**
 * Where a test makes a member wrong on purpose, to see that the invariants notice: between the member's core and its
 * surroundings. Without one, all passes as it is. Made anew for each simulation.
 */
interface Interference {
    Interference NONE = new Interference() {};

    default List<Event> onEvents(SimNode node, List<Event> events) {
        return events;
    }

    default List<Effect> onEffects(SimNode node, List<Effect> effects) {
        return effects;
    }

    default RecoveredState onRecovery(RecoveredState recovered) {
        return recovered;
    }

    default Bytes onRestore(SimNode node, Bytes state) {
        return state;
    }

    /** How much the clock of a member is too fast. */
    default long driftPpm(long drawn) {
        return drawn;
    }

    /** The disk says "durable" at once, and writes later. */
    default boolean reportsBeforeDurable(SimDisk disk) {
        return false;
    }

    /** Whether the store makes sure of this when it opens. */
    default boolean checks(StoreCheck check) {
        return true;
    }

    /** After a sync that failed the store goes on as if it had not. */
    default boolean ignoresFailedSyncs() {
        return false;
    }

    /** Whether a member that comes with another store than the one that it was met with is refused. */
    default boolean comparesStores() {
        return true;
    }

    /** What a member knows of the stores of others is gone when its process ends. */
    default boolean remembersStoresInMemoryOnly() {
        return false;
    }

    /** A new store takes part as soon as anybody has welcomed it. */
    default boolean takesOneWelcomeForEnough() {
        return false;
    }

    /**
     * Whether the power fails at this moment of a sync.
     *
     * @param synced whether all that was to be written is durable; nobody has been told yet
     */
    default boolean powerFails(boolean synced) {
        return false;
    }

    /** The machine has crashed, with this left on its disk. */
    default void onCrash(LogImage durable) {}
}
