package io.mqcontroller.controller.controller.history;

import io.mqcontroller.controller.controller.history.HistoryEvent.ConfigChange;
import io.mqcontroller.controller.controller.history.HistoryEvent.Kind;
import io.mqcontroller.controller.controller.history.HistoryEvent.Operation;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What operators have this controller do, as events of its history: the replicated state says what came of it, and only this
 * controller knows who asked. What was refused, and what changed nothing, is no event. Any thread.
 */
public final class OperatorActions {
    /** Behind all records of an entry. */
    private static final int FIRST_ORDINAL = 1_000_000;

    private final NodeId self;
    private final Supplier<RaftStatus> status;
    private final EventHistory history;
    private final AtomicInteger nextOrdinal = new AtomicInteger(FIRST_ORDINAL);

    /** @param status says where in the log it is: events of several controllers are put in order by that */
    public OperatorActions(NodeId self, Supplier<RaftStatus> status, EventHistory history) {
        this.self = Objects.requireNonNull(self, "self");
        this.status = Objects.requireNonNull(status, "status");
        this.history = Objects.requireNonNull(history, "history");
    }

    /** A master is elected as asked for. */
    public CompletionStage<Reply<ControllerService.Elected>> elected(
            CompletionStage<Reply<ControllerService.Elected>> election,
            ControllerService.ElectMaster asked,
            String by) {
        return noted(election, elected -> {
            if (elected.changed()) {
                String whom = asked.requester().map(BrokerId::toString).orElse("the best replica");
                tell(Optional.of(elected.view().group().key()), "elect " + whom, by);
            }
        });
    }

    /** A master has handed over as asked for. */
    public CompletionStage<Reply<ControllerService.Elected>> switchedOver(
            CompletionStage<Reply<ControllerService.Elected>> switchOver,
            ControllerService.SwitchOver asked,
            String by) {
        return noted(switchOver, elected -> {
            if (elected.changed()) {
                tell(Optional.of(elected.view().group().key()), "switch over to " + asked.to(), by);
            }
        });
    }

    /** Replicas are drained, or are not any more. */
    public CompletionStage<Reply<Drained>> drained(
            CompletionStage<Reply<Drained>> drain, ControllerService.Drain asked, String by) {
        return noted(drain, done -> {
            if (done.changed()) {
                String whom = asked.machine().isEmpty()
                        ? "replica " + asked.id().map(BrokerId::toString).orElse("")
                        : "machine " + asked.machine();
                tell(
                        asked.machine().isEmpty() ? asked.group() : Optional.empty(),
                        (asked.drained() ? "drain " : "undrain ") + whom,
                        by);
            }
        });
    }

    /** Replicas, or a group, are removed. */
    public CompletionStage<Reply<GroupKey>> cleaned(
            CompletionStage<Reply<GroupKey>> clean, ControllerService.CleanBrokers asked, String by) {
        return noted(clean, group -> {
            if (!asked.dryRun()) {
                String whom = asked.ids().isEmpty() ? "the whole group" : "replicas " + asked.ids();
                tell(Optional.of(group), "remove " + whom, by);
            }
        });
    }

    /** Something that has to do with no group is done. */
    public void asked(String what, String by) {
        tell(Optional.empty(), what, by);
    }

    /** A key of this controller's configuration has another value. */
    public void configChanged(String key, String before, String after, String by) {
        add(Kind.CONFIG_CHANGED, Optional.empty(), "", by, Optional.of(new ConfigChange(key, before, after)));
    }

    /** This controller is not to lead any more, or that is over. */
    public void controllerDrained(boolean drained, String by) {
        add(drained ? Kind.CONTROLLER_DRAINED : Kind.CONTROLLER_UNDRAINED, Optional.empty(), "", by, Optional.empty());
    }

    private static <T> CompletionStage<Reply<T>> noted(CompletionStage<Reply<T>> stage, Consumer<T> whenDone) {
        return stage.thenApply(reply -> {
            if (reply instanceof Reply.Done<T> done) {
                whenDone.accept(done.value());
            }
            return reply;
        });
    }

    private void tell(Optional<GroupKey> group, String what, String by) {
        add(Kind.OPERATOR_ASKED, group, what, by, Optional.empty());
    }

    private void add(Kind kind, Optional<GroupKey> group, String what, String by, Optional<ConfigChange> change) {
        RaftStatus now = status.get();
        // As Java writes addresses, the name of the host, which nobody asked for, stands before a slash.
        String address = by.substring(by.lastIndexOf('/') + 1);
        history.add(HistoryEvent.of(
                kind,
                now.appliedIndex(),
                nextOrdinal.getAndIncrement(),
                now.term(),
                group,
                false,
                new Operation(what, Optional.empty(), Optional.of(self), address, change)));
    }
}
