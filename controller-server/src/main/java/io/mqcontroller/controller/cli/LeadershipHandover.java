package io.mqcontroller.controller.cli;

import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.RaftNode;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets another controller lead before this one is gone: brokers wait for a message instead of an election timeout. */
final class LeadershipHandover {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipHandover.class);
    private static final long TIMEOUT_MS = 2_000;

    private LeadershipHandover() {}

    /** Waits until somebody else leads, if there is somebody; two seconds at most. */
    static void from(RaftNode node) {
        if (node.isStopped()
                || node.status().role() != RoleName.LEADER
                || node.status().configuration().voters().size() == 1) {
            return;
        }
        try {
            boolean handedOver = node.transferLeadership(Optional.empty()).get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            LOG.info("event=leadership_handed_over done={}", handedOver);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=leadership_not_handed_over cause=\"{}\"", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
