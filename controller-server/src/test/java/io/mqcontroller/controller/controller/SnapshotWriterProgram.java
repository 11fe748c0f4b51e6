package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.PersistentSortedMap;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A process that writes the snapshot of groups that share one large SyncStateSet, and says how many bytes that were. */
final class SnapshotWriterProgram {
    private SnapshotWriterProgram() {}

    /** Arguments: how many groups, how many members the set has. */
    public static void main(String[] args) throws IOException {
        TreeSet<BrokerId> members = new TreeSet<>();
        for (long id = 1; id <= Long.parseLong(args[1]); id++) {
            members.add(new BrokerId(id));
        }
        SyncStateSet set = new SyncStateSet(members, 1);
        PersistentSortedMap<GroupKey, BrokerGroup> groups = PersistentSortedMap.empty();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            BrokerGroup group = group(new GroupKey("cluster", "group-" + i), set);
            groups = groups.with(group.key(), group);
        }
        CountingOutputStream out = new CountingOutputStream();
        SnapshotCodec.write(
                new ReplicatedState(
                        new ClusterMetadata(
                                groups, PersistentSortedMap.empty(), ClusterMetadata.INITIAL_MASTER_LEASE_MS),
                        1,
                        1),
                out);
        System.out.println(out.written);
    }

    private static BrokerGroup group(GroupKey key, SyncStateSet set) {
        return new BrokerGroup(key, new TreeMap<>(), 1, false, Optional.empty(), 0, set, AckRule.WEAKER);
    }

    private static final class CountingOutputStream extends OutputStream {
        private long written;

        @Override
        public void write(int one) {
            written++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            written += length;
        }
    }
}
