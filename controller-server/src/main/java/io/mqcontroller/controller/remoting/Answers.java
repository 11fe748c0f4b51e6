package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.List;

/** The fields and bodies of each answer, by RocketMQ's names. */
final class Answers {
    private Answers() {}

    /** Code 1001. Brokers take the set and its epoch from the body. */
    static Answer altered(RoleView view) {
        return Answer.success()
                .with("newSyncStateSetEpoch", view.group().syncStateSet().epoch())
                .withBody(Bodies.syncStateSet(view.group().syncStateSet()));
    }

    /** Code 1002. Brokers act on both outcomes, the new master and the one that is still there. */
    static Answer elected(Elected elected) {
        BrokerGroup group = elected.view().group();
        Answer answer = elected.changed()
                ? Answer.success().withBody(Bodies.election(group))
                : Answer.of(ResponseCode.MASTER_STILL_EXIST, "the master is still the one it was")
                        .withBody(Bodies.unchangedElection(group.syncStateSet()));
        return withMaster(answer, group)
                .with("masterEpoch", group.masterEpoch())
                .with("syncStateSetEpoch", group.syncStateSet().epoch());
    }

    /** Code 1003. A master is named only while it lives: without one the broker goes on to ask for an election. */
    static Answer registered(RoleView view) {
        BrokerGroup group = view.group();
        Answer answer = named(Answer.success(), group.key());
        if (group.master().isPresent() && view.masterAlive()) {
            withMaster(answer, group)
                    .with("masterEpoch", group.masterEpoch())
                    .with("syncStateSetEpoch", group.syncStateSet().epoch());
        }
        return answer.withBody(Bodies.syncStateSet(group.syncStateSet()));
    }

    /** Code 1004. The recorded master, alive or not. */
    static Answer replicaInfo(RoleView view) {
        BrokerGroup group = view.group();
        return withMaster(Answer.success(), group)
                .with("masterEpoch", group.masterEpoch())
                .withBody(Bodies.syncStateSet(group.syncStateSet()));
    }

    /** Code 1006. */
    static Answer syncStateData(List<RoleView> views) {
        return Answer.success().withBody(Bodies.replicasInfo(views));
    }

    /** Code 1012. */
    static Answer nextBrokerId(GroupKey group, long id) {
        return named(Answer.success(), group).with("nextBrokerId", id);
    }

    /** Code 1013, and what refusals of 1003 and 1013 carry. */
    static Answer named(Answer answer, GroupKey group) {
        return answer.with("brokerName", group.brokerName()).with("clusterName", group.cluster());
    }

    /** Code 1008. */
    static Answer roleChanged(BrokerGroup group) {
        return withMaster(Answer.of(RequestCode.NOTIFY_BROKER_ROLE_CHANGED, ""), group)
                .with("masterEpoch", group.masterEpoch())
                .with("syncStateSetEpoch", group.syncStateSet().epoch())
                .withBody(Bodies.syncStateSet(group.syncStateSet()));
    }

    private static Answer withMaster(Answer answer, BrokerGroup group) {
        group.masterReplica().ifPresent(master -> answer.with("masterAddress", master.address())
                .with("masterBrokerId", master.id().value()));
        return answer;
    }
}
