package io.mqcontroller.agent.core;

import java.util.Optional;

/** What the parts of an agent share. */
final class Memory {
    /** No time at all: long ago. */
    static final long NEVER = Long.MIN_VALUE;

    static final int NO_EPOCH = 0;
    static final GroupView NOTHING_KNOWN =
            new GroupView(0, NO_EPOCH, SyncStateSet.of(-1, java.util.List.of()), java.util.List.of());

    final AgentSettings settings;
    final Rules rules;
    final Actions actions = new Actions();
    long nowMs;
    BrokerReport report;
    AgentState state = AgentState.DISCOVERING;
    String problem = "";

    /** 0: none yet. */
    long brokerId;

    /** The newest that a leader has told in this life of the process. */
    GroupView view = NOTHING_KNOWN;

    /** At least {@code view.masterEpoch}: peers tell of epochs, too. */
    int knownMasterEpoch;

    /** Under which masterEpoch the broker is MASTER or SLAVE; 0: neither. */
    int roleEpoch;

    /** The masterEpoch that it has given back, or {@link #NO_EPOCH}: it takes no writes under it any more. */
    int resignedEpoch;

    /** What came of the newest order to hand over. */
    HandOverReport handOver = HandOverReport.NONE;

    /** The masterEpoch that it has given back for somebody in particular. */
    int heirEpoch;

    /** Under which masterEpoch nobody listens at the address of the master that is followed; {@link #NO_EPOCH}: none. */
    int masterGoneEpoch;

    /** When the first registration of this process was answered: it may have lost the end of its log before that, not since. */
    long registeredAtMs;

    /** By which the broker acknowledges as master. */
    AckRule ruleInForce = AckRule.ALL_IN_SYNC;

    boolean stopping;
    private long lastQuestion;

    Memory(AgentSettings settings, Rules rules) {
        this.settings = settings;
        this.rules = rules;
    }

    /** The number of a question to a peer. */
    long nextQuestion() {
        return ++lastQuestion;
    }

    boolean isMaster() {
        return state == AgentState.MASTER;
    }

    /** Whether the controllers have taken its registration in this life of the process. */
    boolean isRegistered() {
        return switch (state) {
            case REGISTERED, MASTER, SLAVE, FENCED -> true;
            case DISCOVERING, IDENTIFIED, REFUSED, STOPPED -> false;
        };
    }

    /** Whether it gives back the role that is recorded for it. */
    boolean resigns() {
        return resignedEpoch != NO_EPOCH && resignedEpoch == view.masterEpoch() && view.master() == brokerId;
    }

    /** Whether nobody listens at the address of the master that this slave follows. */
    boolean isMasterGone() {
        return state == AgentState.SLAVE && masterGoneEpoch != NO_EPOCH && masterGoneEpoch == roleEpoch;
    }

    void become(AgentState next, String cause) {
        if (state != next) {
            actions.note(AgentAction.Note.Kind.STATE, state + " -> " + next + ": " + cause);
            state = next;
        }
    }

    /** For an operator; said once. */
    void complain(String text) {
        if (!problem.equals(text)) {
            problem = text;
            if (!text.isEmpty()) {
                actions.note(AgentAction.Note.Kind.PROBLEM, text);
            }
        }
    }

    Optional<ReplicaView> replica(long id) {
        return view.replica(id);
    }
}
