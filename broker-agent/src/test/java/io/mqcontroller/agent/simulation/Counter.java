package io.mqcontroller.agent.simulation;

/** How often things happened, so that a test can see that they happen at all. */
enum Counter {
    LEADERS,
    ELECTIONS,
    ELECTIONS_HELD_UP,
    ELECTIONS_UNCLEAN,
    UNFIT_REPLACED,
    SNAPSHOTS_TAKEN,
    SNAPSHOTS_RESTORED,
    MASTERS,
    SWITCHES_FAILED,
    WRITES_TAKEN,
    WRITES_REFUSED,
    ACKNOWLEDGED_BY_ALL,
    ACKNOWLEDGED_BY_LESS,
    ACKNOWLEDGEMENTS_WITHHELD,
    SETS_ASKED_FOR,
    PEERS_CONFIRMED,
    FENCED,
    TRUNCATED,
    RESIGNED,
    WRITES_PAUSED,
    SWITCHED_OVER,
    SWITCH_OVERS_GIVEN_UP,
    CRASHES,
    LOSSY_CRASHES,
    PAUSES,
    CUTS,
    /** Of brokers without an agent. */
    MASTERS_WITHOUT_AGENT,
    ACKNOWLEDGED_WITHOUT_AGENT,
    /** Of brokers without an agent: from then on their logs may differ from their group's. */
    EPOCHS_MISTAKEN,
    /** A log that has no epoch in common with its master's, which takes an operator; see docs/failover.md. */
    WIPED;

    /** Whether a hundred runs may pass without it. */
    boolean isRare() {
        return this == WIPED || this == ELECTIONS_UNCLEAN || this == EPOCHS_MISTAKEN;
    }
}
