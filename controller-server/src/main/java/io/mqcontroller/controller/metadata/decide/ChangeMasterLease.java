package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.MetadataRecord;
import java.util.List;

/** How long the leases of masters are at most, for all leaders to come. */
public final class ChangeMasterLease {
    private ChangeMasterLease() {}

    /**
     * What a leader must record before it can grant leases of its own length, or may so that those after it wait no longer
     * than they must. Nothing where that is recorded already.
     *
     * @param ownMs the length of its leases
     * @param noOthersRun nobody can have a lease any more that another leader granted
     */
    public static List<MetadataRecord> decide(ClusterMetadata state, long ownMs, boolean noOthersRun) {
        boolean longer = ownMs > state.masterLeaseMs();
        boolean shorter = ownMs < state.masterLeaseMs() && noOthersRun;
        return longer || shorter ? List.of(new MetadataRecord.MasterLeaseChanged(ownMs)) : List.of();
    }
}
