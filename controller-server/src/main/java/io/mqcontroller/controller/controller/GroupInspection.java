package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.liveness.LifeView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers for operators what the parts of the leader know of groups. */
final class GroupInspection {
    static final int MAX_PAGE = 500;

    private final LoopClock clock;
    private final ReplicaLiveness liveness;
    private final Elections elections;
    private final MasterLeases leases;
    private final AgentStatuses agents;

    GroupInspection(
            LoopClock clock, ReplicaLiveness liveness, Elections elections, MasterLeases leases, AgentStatuses agents) {
        this.clock = clock;
        this.liveness = liveness;
        this.elections = elections;
        this.leases = leases;
        this.agents = agents;
    }

    GroupDetails.Page page(ClusterMetadata state, GroupQuery query) {
        int limit = query.limit() <= 0 ? MAX_PAGE : Math.min(query.limit(), MAX_PAGE);
        List<BrokerGroup> found = new ArrayList<>();
        state.groups().forEach((key, group) -> {
            if (found.size() <= limit && matches(query, key)) {
                found.add(group);
            }
        });
        boolean more = found.size() > limit;
        return new GroupDetails.Page(
                found.subList(0, more ? limit : found.size()).stream()
                        .map(this::details)
                        .toList(),
                more);
    }

    private static boolean matches(GroupQuery query, GroupKey key) {
        return (query.cluster().isEmpty() || query.cluster().equals(key.cluster()))
                && (query.brokerName().isEmpty() || query.brokerName().equals(key.brokerName()))
                && query.after().map(after -> key.compareTo(after) > 0).orElse(true);
    }

    private GroupDetails details(BrokerGroup group) {
        LivenessView live = liveness.view(group.key(), clock.nowMs());
        List<GroupDetails.OfReplica> replicas = new ArrayList<>();
        for (BrokerId id : group.replicas().keySet()) {
            ReplicaKey key = new ReplicaKey(group.key(), id);
            LifeView life = liveness.lifeOf(key);
            Optional<AgentStatus.Slave> asSlave = group.master()
                    .flatMap(master -> agents.of(new ReplicaKey(group.key(), master)))
                    .flatMap(said -> said.status().slaves().stream()
                            .filter(slave -> slave.id().equals(id))
                            .findFirst());
            replicas.add(new GroupDetails.OfReplica(
                    group.replicas().get(id),
                    live.of(id),
                    life.haAddress(),
                    life.confirmOffset(),
                    life.timeoutMs(),
                    life.through(),
                    elections.whyNotMaster(group, id),
                    agents.of(key),
                    asSlave));
        }
        return new GroupDetails(
                group,
                leases.leftMs(group, clock.nowMs()),
                leases.table().isGivenBack(group),
                elections.troubleOf(group),
                replicas);
    }
}
