package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;

/** A replica of a group. */
public record ReplicaKey(GroupKey group, BrokerId id) {
    @Override
    public String toString() {
        return group + "/" + id;
    }
}
