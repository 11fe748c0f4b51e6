package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.replication.DecidedBatch;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.Invariants;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.node.ReadResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Brokers and operators that do anything at any time, a Raft that stalls, refuses and changes leaders: C1 to C6 hold after each
 * record, a second copy comes to the same state, and a snapshot holds all of it.
 */
class RandomOperationsTest {
    private static final int STEPS = 1_500;
    private static final List<String> NAMES = List.of("g", "h");

    private CoreHarness h;
    private Random random;
    private long term = 1;
    private long connections = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void invariantsHoldAfterEachRecord(long seed) throws IOException {
        random = new Random(seed);
        boolean unclean = seed % 4 == 0;
        h = new CoreHarness(unclean ? new UncleanPolicy() : new InSyncFirstPolicy());
        h.lead(term);
        for (int step = 0; step < STEPS; step++) {
            act();
        }
        h.commits = true;
        h.settle();
        assertEquals(List.of(), h.observer.failures);
        ReplicatedState replayed = replayChecked(unclean);
        assertEquals(h.core.state(), replayed);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotCodec.write(replayed, bytes);
        ReplicatedState read = SnapshotCodec.read(new ByteArrayInputStream(bytes.toByteArray()));
        assertEquals(replayed, read);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        SnapshotCodec.write(read, again);
        assertArrayEquals(bytes.toByteArray(), again.toByteArray());
        assertTrue(h.observer.elections.size() > 20, "the run was about something: " + h.observer.elections.size());
    }

    /** Every entry of the log, on a state of its own. */
    private ReplicatedState replayChecked(boolean unclean) {
        Invariants invariants = new Invariants();
        ReplicatedState state = ReplicatedState.EMPTY;
        for (Entry entry : h.raft.log) {
            DecidedBatch batch = RecordCodec.decode(entry.command());
            if (!state.accepts(entry.term(), batch)) {
                continue;
            }
            ClusterMetadata metadata = state.metadata();
            for (MetadataRecord record : batch.records()) {
                ClusterMetadata after = metadata.replay(record);
                invariants.check(metadata, record, after, unclean);
                if (record instanceof MetadataRecord.GroupRemoved removed) {
                    invariants.forget(removed.group());
                }
                metadata = after;
            }
            state = state.replay(batch);
        }
        return state;
    }

    private void act() {
        Broker broker = anyBroker();
        switch (random.nextInt(16)) {
            case 0 -> h.apply(broker);
            case 1, 2 -> {
                broker.connection = connections++;
                h.register(broker);
            }
            case 3, 4 -> h.electFor(broker);
            case 5, 6, 7 -> alter(broker);
            case 8 -> h.designate(broker.group.brokerName(), broker.id);
            case 9 -> clean(broker);
            case 10 -> h.kill(broker);
            case 11, 12 -> {
                broker.beating = true;
                broker.maxOffset = random.nextInt(1_000);
                h.beat(broker);
            }
            case 13 -> h.pass(random.nextInt(10) == 0 ? 11_000 : random.nextInt(1_500));
            case 14 -> disturbRaft();
            default -> h.electForNobody(broker.group.brokerName());
        }
    }

    private Broker anyBroker() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        Optional<BrokerGroup> group = h.core.state().metadata().group(CoreHarness.key(name));
        long next = group.map(BrokerGroup::nextBrokerId).orElse(1L);
        Broker broker = h.broker(name, Math.max(1, next - random.nextInt(5)));
        broker.epoch = random.nextInt(20) == 0
                ? random.nextInt(30)
                : group.map(BrokerGroup::masterEpoch).orElse(0);
        return broker;
    }

    private void alter(Broker broker) {
        String name = broker.group.brokerName();
        h.core.state().metadata().group(broker.group).ifPresent(group -> {
            TreeSet<BrokerId> set = new TreeSet<>();
            group.replicas().keySet().forEach(id -> {
                if (random.nextInt(3) > 0) {
                    set.add(id);
                }
            });
            long master = random.nextInt(5) == 0
                    ? broker.id
                    : group.master().map(BrokerId::value).orElse(1L);
            if (random.nextInt(10) > 0) {
                set.add(new BrokerId(master));
            }
            h.alter(
                    name,
                    master,
                    group.masterEpoch() - (random.nextInt(8) == 0 ? 1 : 0),
                    set,
                    group.syncStateSet().epoch() - (random.nextInt(8) == 0 ? 1 : 0));
        });
    }

    private void clean(Broker broker) {
        if (random.nextInt(6) == 0) {
            h.clean(broker.group.brokerName(), random.nextBoolean());
        } else if (random.nextInt(3) == 0) {
            h.clean(broker.group.brokerName(), random.nextBoolean(), broker.id);
        }
    }

    private void disturbRaft() {
        switch (random.nextInt(4)) {
            case 0 -> h.commits = false;
            case 1 -> {
                h.commits = true;
                h.settle();
            }
            case 2 -> {
                if (!h.raft.proposals.isEmpty()) {
                    h.deliver(h.raft.rejectNext(Rejection.OVERLOADED));
                }
            }
            default -> changeLeader();
        }
    }

    /** What the old leadership proposed is committed in part, late, or in a later term; this member comes to lead again. */
    private void changeLeader() {
        boolean commits = h.commits;
        h.commits = false;
        int survive = random.nextInt(h.raft.proposals.size() + 1);
        List<ControllerEvent> late = new ArrayList<>();
        for (int i = 0; i < survive; i++) {
            late.add(h.raft.commitNextSilently());
        }
        List<Bytes> stray =
                h.raft.proposals.stream().map(FakeConsensus.Proposal::command).toList();
        h.raft.proposals.clear();
        h.follow(random.nextBoolean() ? CoreHarness.OTHER : null);
        late.forEach(h::deliver);
        while (!h.raft.reads.isEmpty()) {
            h.deliver(h.raft.readNext(new ReadResult.NotLeader(Optional.empty())));
        }
        h.raft.term = ++term;
        if (random.nextBoolean()) {
            for (Bytes command : stray) {
                h.deliver(new ControllerEvent.Committed(List.of(h.raft.append(command))));
            }
        }
        h.commits = commits;
        h.lead(term);
    }
}
