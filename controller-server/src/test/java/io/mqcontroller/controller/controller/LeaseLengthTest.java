package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.raft.core.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Controllers whose {@code masterLeaseMillis} differ, or change from one start to the next. */
class LeaseLengthTest {
    private static final long LONG_MS = 5_000;
    private static final long LONG_COUNTED_MS = new LeaseSettings(LONG_MS).countedMs();
    private static final long SHORT_MS = 1_000;

    private CoreHarness h;
    private Agents agents;
    private long term;

    /** A controller that grants leases of this length leads from now on, with the log of the one before. */
    private void lead(long leaseMs) {
        succeed(leaseMs);
        h.lead(++term);
    }

    private void succeed(long leaseMs) {
        CoreHarness before = h;
        h = new CoreHarness(new InSyncFirstPolicy(), ControllerSettings.DEFAULT.withLease(new LeaseSettings(leaseMs)));
        List<Agent> known = agents == null ? List.of() : agents.all;
        agents = new Agents(h);
        known.forEach(agent -> agents.all.add(agents.new Agent(agent.broker)));
        if (before != null) {
            h.nowMs = before.nowMs;
            h.raft.log.addAll(before.raft.log);
            h.deliver(new ControllerEvent.Committed(List.copyOf(h.raft.log)));
        }
    }

    private Agent agent(int number) {
        return agents.all.get(number - 1);
    }

    private List<Long> recordedMs() {
        List<Long> recorded = new ArrayList<>();
        h.raft.log.forEach(
                entry -> RecordCodec.decode(entry.command()).records().forEach(record -> {
                    if (record instanceof MetadataRecord.MasterLeaseChanged changed) {
                        recorded.add(changed.leaseMs());
                    }
                }));
        return recorded;
    }

    @Test
    void aLeaderWithAShortLeaseWaitsForTheLongOneThatTheLeaderBeforeGranted() {
        lead(LONG_MS);
        agents.group("g", 2);
        assertEquals(LONG_MS, agent(1).beat().value().leaseMs());
        lead(SHORT_MS);
        agent(1).beat();
        agent(1).kill();
        agents.pass(LONG_COUNTED_MS - 10);
        assertEquals(Optional.of(new BrokerId(1)), h.group("g").master());
        agents.pass(10);
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
    }

    @Test
    void whileALongerLeaseIsOnItsWayIntoTheLogLeasesAreAsLongAsRecorded() {
        lead(LeaseSettings.DEFAULT.leaseMs());
        agents.group("g", 2);
        succeed(LONG_MS);
        h.commits = false;
        h.lead(++term);
        CoreHarness.Answer<LeaseAnswer> early = agent(1).beat();
        h.commits = true;
        h.settle();
        assertEquals(LeaseSettings.DEFAULT.leaseMs(), early.value().leaseMs());
        assertEquals(LONG_MS, agent(1).beat().value().leaseMs());
    }

    @Test
    void theDefaultIsNotRecorded() {
        lead(LeaseSettings.DEFAULT.leaseMs());
        agents.group("g", 2);
        agents.pass(10_000);
        assertEquals(List.of(), recordedMs());
    }

    @Test
    void aShorterLeaseIsRecordedWhenALongOneCanNoLongerBeHeld() {
        lead(LONG_MS);
        agents.group("g", 2);
        assertEquals(List.of(LONG_MS), recordedMs());
        lead(SHORT_MS);
        assertEquals(SHORT_MS, agent(1).beat().value().leaseMs(), "what is granted is short at once");
        agents.pass(LONG_COUNTED_MS - 10);
        assertEquals(List.of(LONG_MS), recordedMs());
        agents.pass(10);
        assertEquals(List.of(LONG_MS, SHORT_MS), recordedMs());
        lead(SHORT_MS);
        agents.pass(10_000);
        assertEquals(List.of(LONG_MS, SHORT_MS), recordedMs(), "once");
    }

    @Test
    void aLeaderThatComesAfterTheLoweringWaitsNoLongerThanItMust() {
        lead(SHORT_MS);
        agents.group("g", 2);
        agents.pass(LONG_COUNTED_MS);
        lead(SHORT_MS);
        agent(1).beat();
        agent(1).kill();
        agents.pass(new LeaseSettings(SHORT_MS).countedMs());
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
    }

    @Test
    void aTurnIsDueWhenTheShorterLeaseMayBeRecorded() {
        lead(SHORT_MS);
        long dueMs = h.nowMs + LeaseSettings.DEFAULT.countedMs();
        while (h.nowMs < dueMs && h.core.nextDueMs() <= dueMs) {
            h.nowMs = Math.max(h.nowMs, h.core.nextDueMs());
            h.deliver();
        }
        assertEquals(List.of(SHORT_MS), recordedMs());
        assertTrue(h.core.nextDueMs() > h.nowMs, "no turn is due for it any more");
    }

    @Test
    void aRecordThatWasNotTakenIsWrittenAgain() {
        h = new CoreHarness(new InSyncFirstPolicy(), ControllerSettings.DEFAULT.withLease(new LeaseSettings(LONG_MS)));
        h.commits = false;
        h.lead(1);
        h.deliver(h.raft.rejectNext(Rejection.OVERLOADED));
        h.commits = true;
        h.pass(1_000);
        assertEquals(List.of(LONG_MS), recordedMs());
    }
}
