package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.StoreHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how the store is doing, when that changes, and again while this member can't take part. The Raft thread's. */
final class HealthLog {
    private static final Logger LOG = LoggerFactory.getLogger(HealthLog.class);
    private static final long AGAIN_AFTER_MS = 30_000;

    private StoreHealth said = StoreHealth.SOUND;
    private long sayAgainMs;

    void onTurn(RaftStatus status, long nowMs) {
        StoreHealth now = status.health();
        if (now.recovering() && (!said.recovering() || nowMs >= sayAgainMs)) {
            sayAgainMs = nowMs + AGAIN_AFTER_MS;
            LOG.warn(
                    "event=store_recovering leader={} applied={} commit={} what=\"the store was damaged; this member does not "
                            + "vote until a leader has given it everything back\"",
                    status.leader().map(Object::toString).orElse("none"),
                    status.appliedIndex(),
                    status.commitIndex());
        } else if (said.recovering() && !now.recovering()) {
            LOG.info("event=store_recovered applied={} what=\"this member votes again\"", status.appliedIndex());
        }
        if (now.impaired() && !said.impaired()) {
            LOG.warn("event=disk_impaired what=\"the disk is slow or full; another member should lead\"");
        } else if (said.impaired() && !now.impaired()) {
            LOG.info("event=disk_sound");
        }
        said = now;
    }
}
