package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes and reads, several at a time. What is not answered in time is asked again elsewhere: a write under the same id, for
 * it may have happened. Reaches each member, whatever the members' own network is like.
 */
final class SimClient {
    /** How a member answers. No answer at all means: unknown. */
    interface Answer {
        Answer NOBODY_LISTENS = new Answer() {
            @Override
            public void written() {}

            @Override
            public void read(long writes, long chain) {}

            @Override
            public void refused(Optional<NodeId> leader) {}
        };

        void written();

        /** How many writes of the key took effect, and the chain over what they wrote. */
        void read(long writes, long chain);

        void refused(Optional<NodeId> leader);
    }

    private static final int GIVES_UP_PERMILLE = 100;

    private final Simulation simulation;
    private final Chance chance;
    private final FaultPlan.Load plan;
    private final TreeMap<Long, Operation> outstanding = new TreeMap<>();
    private final long clientId;
    private long nextSequence = 1;
    private Optional<NodeId> leader = Optional.empty();
    private boolean nextDue;
    private boolean ending;
    private int lastWritesWanted = 1;
    private int lastReadsWanted = 1;
    /** Attempts at the end that took longer than its patience, which grows with them: a queue may be longer than that. */
    private int lastAttemptsInVain;

    SimClient(long clientId, Simulation simulation, Chance chance) {
        this.clientId = clientId;
        this.simulation = simulation;
        this.chance = chance;
        this.plan = simulation.plan().load();
        nextLater();
    }

    /** One more write and one more read, then nothing new. */
    void end() {
        ending = true;
        nextLater();
    }

    boolean finished() {
        return ending && outstanding.isEmpty() && lastWritesWanted == 0 && lastReadsWanted == 0;
    }

    private void nextLater() {
        if (!nextDue) {
            nextDue = true;
            simulation.time().after(chance.between(0, 2_000 * plan.thinkMs()), () -> {
                nextDue = false;
                begin();
            });
        }
    }

    private void begin() {
        boolean windowOpen = outstanding.size() < plan.window()
                && (outstanding.isEmpty() || outstanding.firstKey() > nextSequence - 2L * plan.window());
        boolean wanted = !ending || lastWritesWanted + lastReadsWanted > 0;
        if (windowOpen && wanted) {
            boolean read = ending ? lastWritesWanted == 0 : chance.below(100) < plan.readPercent();
            Operation operation = read ? new Read() : new Write();
            outstanding.put(operation.sequence, operation);
            simulation.invariants().onCalled(clientId, operation.sequence, operation.key, operation.number());
            operation.attempt();
            if (!ending) {
                nextLater();
            }
        }
    }

    /** Something asked of the cluster, under way or to be repeated. */
    private abstract class Operation {
        final long sequence = nextSequence++;
        final int key = chance.below(plan.keys());
        int attempts;
        int refusals;
        boolean over;
        /** A copy of it is somewhere, and may come to somebody at any time. */
        boolean copied;

        abstract void ask(SimNode node, Answer answer);

        /** What is written; 0 of a read. */
        abstract long number();

        abstract void onDone();

        boolean mayBeRepeated() {
            return true;
        }

        final void attempt() {
            attempts++;
            int attempt = attempts;
            SimNode node = leader.map(simulation::node).orElseGet(() -> simulation.anyNode(chance));
            travel(() -> ask(node, answerTo(attempt)));
            maybeReplay();
            long patienceMs = (1 + lastAttemptsInVain) * chance.between(plan.timeoutMs() / 2, plan.timeoutMs());
            simulation.time().after(1_000 * patienceMs, () -> {
                if (!over && attempt == attempts) {
                    lastAttemptsInVain += ending ? 1 : 0;
                    leader = Optional.empty();
                    repeat();
                }
            });
        }

        /** The same request comes once more, later, to anybody, whatever has become of it meanwhile. */
        private void maybeReplay() {
            if (!ending && chance.permille(plan.replayPermille())) {
                copied = true;
                SimNode node = simulation.anyNode(chance);
                long delayMs = chance.exponential(chance.oneOf(1L, plan.timeoutMs(), 20 * plan.timeoutMs()));
                simulation.time().after(1_000 * delayMs, () -> {
                    if (!simulation.healed()) {
                        simulation.count(Counter.REQUESTS_REPLAYED);
                        ask(node, Answer.NOBODY_LISTENS);
                    }
                });
            }
        }

        private Answer answerTo(int attempt) {
            return new Answer() {
                @Override
                public void written() {
                    answer(0, 0);
                }

                @Override
                public void read(long writes, long chain) {
                    answer(writes, chain);
                }

                private void answer(long writes, long chain) {
                    travel(() -> {
                        if (!over) {
                            simulation.invariants().onAnswered(clientId, sequence, writes, chain);
                            onDone();
                            finish();
                        }
                    });
                }

                @Override
                public void refused(Optional<NodeId> knownLeader) {
                    travel(() -> onRefused(attempt, knownLeader));
                }
            };
        }

        private void onRefused(int attempt, Optional<NodeId> knownLeader) {
            refusals++;
            if (over || attempt != attempts) {
                return;
            }
            leader = knownLeader;
            boolean mayGiveUp = refusals == attempts && !copied;
            if (this instanceof Write write && mayGiveUp && chance.permille(GIVES_UP_PERMILLE)) {
                simulation.invariants().onGivenUp(write.id);
                simulation.invariants().onRefused(clientId, sequence);
                finish();
                return;
            }
            long backoffUs = 1_000 * chance.between(1, 1 + plan.timeoutMs() / 4);
            simulation.time().after(backoffUs, () -> {
                if (!over && attempt == attempts) {
                    repeat();
                }
            });
        }

        private void repeat() {
            if (mayBeRepeated()) {
                attempt();
            } else {
                finish();
            }
        }

        final void finish() {
            over = true;
            outstanding.remove(sequence);
            nextLater();
        }
    }

    private final class Write extends Operation {
        private final ProposalId id = new ProposalId(plan.oneShot() ? simulation.newClientId() : clientId, sequence);
        private final long number = simulation.nextNumber(key);
        private final Bytes command = SimStateMachine.command(key, number, chance.below(plan.maxFillerBytes() + 1));

        @Override
        long number() {
            return number;
        }

        @Override
        void ask(SimNode node, Answer answer) {
            node.propose(id, command, answer);
        }

        @Override
        void onDone() {
            simulation.count(Counter.WRITES_ACKNOWLEDGED);
            lastWritesWanted = ending ? 0 : lastWritesWanted;
        }

        @Override
        boolean mayBeRepeated() {
            return !plan.oneShot();
        }
    }

    private final class Read extends Operation {
        @Override
        long number() {
            return 0;
        }

        @Override
        void ask(SimNode node, Answer answer) {
            node.read(simulation.newReadId(), key, answer);
        }

        @Override
        void onDone() {
            lastReadsWanted = ending ? 0 : lastReadsWanted;
        }
    }

    private void travel(Runnable arrival) {
        if (!simulation.healed() && chance.permille(plan.lossPermille())) {
            return;
        }
        simulation.time().after(chance.between(20, simulation.healed() ? 200 : 2_000), arrival);
    }
}
