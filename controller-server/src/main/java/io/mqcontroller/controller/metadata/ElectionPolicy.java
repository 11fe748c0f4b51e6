package io.mqcontroller.controller.metadata;

import java.util.Optional;

/** Who may become master, and who of those does. Pure. */
public interface ElectionPolicy {
    /** Empty: nobody is eligible. */
    Optional<Choice> choose(BrokerGroup group, LivenessView live, Ballot ballot);

    /**
     * @param designated only this one may win
     * @param keepsMaster a master that is still eligible stays, whoever else would rank higher
     */
    record Ballot(Optional<BrokerId> designated, boolean keepsMaster) {
        /** The best one; a master that is still eligible stays. */
        public static final Ballot OPEN = new Ballot(Optional.empty(), true);

        /** The best one, master or not. */
        public static final Ballot RANKED = new Ballot(Optional.empty(), false);

        public static Ballot only(BrokerId id) {
            return new Ballot(Optional.of(id), false);
        }
    }

    /** @param unclean the winner is not in the SyncStateSet: acknowledged messages may be lost */
    record Choice(BrokerId winner, boolean unclean) {}
}
