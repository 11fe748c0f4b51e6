package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.List;
import java.util.Objects;

/**
 * Replicas as they are after a drain, or the end of one, was recorded.
 *
 * @param changed false: all of them were so before
 */
public record Drained(List<One> replicas, boolean changed) {
    public Drained {
        replicas = List.copyOf(replicas);
    }

    /**
     * @param master it is master still
     * @param hindrance why no other one can take over from it now; empty: none is known
     */
    public record One(GroupKey group, BrokerId id, String address, boolean drained, boolean master, String hindrance) {
        public One {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(hindrance, "hindrance");
        }
    }
}
