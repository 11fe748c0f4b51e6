package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import io.mqcontroller.proto.controller.EventsReply;
import io.mqcontroller.proto.controller.EventsRequest;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;

/** The history, as messages. */
final class EventAnswers {
    private static final int MAX_EVENTS = 500;

    private EventAnswers() {}

    static EventsReply of(List<EventHistory.Seen> history, EventsRequest request) {
        List<EventHistory.Seen> wanted =
                history.stream().filter(seen -> isWanted(seen.event(), request)).toList();
        int asked = request.getLimit();
        int limit = asked <= 0 ? MAX_EVENTS : Math.min(asked, MAX_EVENTS);
        EventsReply.Builder reply = EventsReply.newBuilder();
        wanted.subList(Math.max(0, wanted.size() - limit), wanted.size()).forEach(seen -> reply.addEvents(of(seen)));
        return reply.build();
    }

    private static boolean isWanted(HistoryEvent event, EventsRequest request) {
        GroupKey key = event.group().orElse(null);
        boolean ofGroup = key == null
                ? request.getCluster().isEmpty() && request.getBrokerName().isEmpty()
                : (request.getCluster().isEmpty() || request.getCluster().equals(key.cluster()))
                        && (request.getBrokerName().isEmpty()
                                || request.getBrokerName().equals(key.brokerName()));
        return ofGroup && (request.getAfterIndex() == 0 || event.index() > request.getAfterIndex());
    }

    private static Event of(EventHistory.Seen seen) {
        HistoryEvent event = seen.event();
        Event.Builder message = Event.newBuilder()
                .setIndex(event.index())
                .setOrdinal(event.ordinal())
                .setTerm(event.term())
                .setAtWallMs(seen.atWallMs())
                .setKind(kindOf(event.kind()))
                .setMasterBefore(event.before().master().map(BrokerId::value).orElse(0L))
                .setMaster(event.after().master().map(BrokerId::value).orElse(0L))
                .setMasterEpoch(event.after().masterEpoch())
                .setSyncStateSetEpoch(event.after().syncStateSet().epoch())
                .setCause(event.cause())
                .setUnclean(event.unclean())
                .setLeader(event.leader().map(NodeId::value).orElse(""));
        event.group().ifPresent(key -> message.setGroup(GroupDetailsAnswers.nameOf(key)));
        event.before().syncStateSet().members().forEach(id -> message.addSyncStateSetBefore(id.value()));
        event.after().syncStateSet().members().forEach(id -> message.addSyncStateSet(id.value()));
        event.decision().ifPresent(decided -> {
            message.setDecidedHere(true).addAllInputs(decided.inputs());
            decided.durationMs().ifPresent(message::setDurationMs);
        });
        event.operation().ifPresent(operation -> addTo(message, operation));
        return message.build();
    }

    private static void addTo(Event.Builder message, HistoryEvent.Operation operation) {
        message.setWhat(operation.what())
                .setBrokerId(operation.replica().map(BrokerId::value).orElse(0L))
                .setController(operation.on().map(NodeId::value).orElse(""))
                .setAskedBy(operation.by());
        operation.change().ifPresent(change -> message.setKey(change.key())
                .setValueBefore(change.before())
                .setValue(change.after()));
    }

    private static EventKind kindOf(HistoryEvent.Kind kind) {
        return switch (kind) {
            case LEADER_CHANGED -> EventKind.LEADER_CHANGED;
            case MASTER_CHANGED -> EventKind.MASTER_CHANGED;
            case SYNC_STATE_SET_CHANGED -> EventKind.SYNC_STATE_SET_CHANGED;
            case REPLICAS_REMOVED -> EventKind.REPLICAS_REMOVED;
            case GROUP_REMOVED -> EventKind.GROUP_REMOVED;
            case REPLICA_DRAINED -> EventKind.REPLICA_DRAINED;
            case REPLICA_UNDRAINED -> EventKind.REPLICA_UNDRAINED;
            case MEMBERS_CHANGED -> EventKind.MEMBERS_CHANGED;
            case CONFIG_CHANGED -> EventKind.CONFIG_CHANGED;
            case CONTROLLER_DRAINED -> EventKind.CONTROLLER_DRAINED;
            case CONTROLLER_UNDRAINED -> EventKind.CONTROLLER_UNDRAINED;
            case OPERATOR_ASKED -> EventKind.OPERATOR_ASKED;
        };
    }
}
