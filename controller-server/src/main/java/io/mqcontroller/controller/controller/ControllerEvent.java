package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.ReadResult;
import io.mqcontroller.raft.node.StateMachine;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Everything that can happen to the controller. */
public sealed interface ControllerEvent {
    /** Somebody asks for something; {@code answer} is called once, in this turn or a later one. */
    record Ask<Q, T>(UseCase<Q, T> useCase, Q request, Consumer<Reply<T>> answer) implements ControllerEvent {
        void serveBy(UseCases useCases) {
            useCase.serve(useCases, request, answer);
        }
    }

    /** Which of {@link UseCases} is asked for. */
    @FunctionalInterface
    interface UseCase<Q, T> {
        void serve(UseCases useCases, Q request, Consumer<Reply<T>> answer);
    }

    /** A broker's heartbeat came in here. */
    record HeartbeatReceived(Heartbeat heartbeat) implements ControllerEvent {}

    record ConnectionClosed(ConnectionId connection) implements ControllerEvent {}

    /** Another member tells what its brokers told it. */
    record Relayed(NodeId from, Bytes payload) implements ControllerEvent {}

    /** These commands are committed. */
    record Committed(List<Entry> entries) implements ControllerEvent {
        /** What an entry takes beside its command, roughly. */
        private static final int ENTRY_BYTES = 64;

        long roughBytes() {
            long bytes = 0;
            for (Entry entry : entries) {
                bytes += ENTRY_BYTES + entry.command().size();
            }
            return bytes;
        }
    }

    record ProposalSettled(long proposal, ProposalResult result) implements ControllerEvent {}

    record ReadSettled(long read, ReadResult result) implements ControllerEvent {}

    record Leading(long term) implements ControllerEvent {}

    record Following(long term, Optional<NodeId> leader) implements ControllerEvent {}

    /** An operator allowed or forbade unclean elections. */
    record PolicyChanged(ElectionPolicy policy) implements ControllerEvent {}

    /** The state as it is now is wanted for a snapshot. */
    record Capture(Consumer<StateMachine.SnapshotWriter> answer) implements ControllerEvent {}

    /** The state as it was after this entry, or now for 0, is wanted to be compared. {@code answer} gets nothing if it is forgotten. */
    record StateAt(long index, Consumer<Optional<ReplicatedState>> answer) implements ControllerEvent {}

    /** All groups are wanted as they are now, for people. What is known of their replicas' lives is asked for in parts. */
    record SurveyWanted(Consumer<Survey> answer) implements ControllerEvent {}

    /** Some groups of a survey, whose replicas' lives are wanted as they are known now. */
    record LivesWanted(List<BrokerGroup> groups, Consumer<Map<GroupKey, SortedMap<BrokerId, Survey.Life>>> answer)
            implements ControllerEvent {
        public LivesWanted {
            groups = List.copyOf(groups);
        }
    }

    /** The state is replaced by a snapshot. {@code answer} gets null, or why it could not be read. */
    record Restore(InputStream content, Consumer<Throwable> answer) implements ControllerEvent {}
}
