package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentAction;
import io.mqcontroller.agent.core.AgentEvent;
import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.spi.AgentListener;
import io.mqcontroller.agent.spi.BrokerReplica;
import io.mqcontroller.agent.spi.MasterRole;
import io.mqcontroller.agent.spi.SlaveRole;
import io.mqcontroller.agent.spi.WritePermit;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.ServerFrame;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Carries out what the core wants. All methods of {@code Executor} run on the agent's thread; none waits. */
final class ActionExecutor implements AgentAction.Executor {
    /** What it works with. */
    record Parts(
            AgentConfig config,
            Words words,
            BrokerReplica replica,
            WritePermit permit,
            Clock clock,
            PeerQuestions peers,
            ExecutorService disk,
            AgentListener listener) {}

    private interface Switch {
        void run() throws Exception;
    }

    private final Parts parts;
    private final Consumer<AgentEvent> mailbox;
    private final Runnable whenStopped;
    private final IdentityFile identityFile;
    private final ExecutorService switches = BrokerAgent.singleThread("mqagent-switch");
    private final Doors doors = new Doors();
    private ControllerConnection connection;
    private long connectionNumber;
    private volatile long brokerId;

    ActionExecutor(Parts parts, Consumer<AgentEvent> mailbox, Runnable whenStopped) {
        this.parts = parts;
        this.mailbox = mailbox;
        this.whenStopped = whenStopped;
        identityFile = new IdentityFile(parts.config().identityFile());
    }

    /** The replica's own id, as far as it has one. */
    void brokerId(long id) {
        brokerId = id;
    }

    /** No writes, and no connection over which a controller could take the broker for well. */
    void fenceForGood() {
        parts.permit().revoke();
        close();
    }

    void close() {
        switches.shutdownNow();
        doors.close();
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public void dial(AgentAction.Dial action) {
        closeConnection();
        connectionNumber = action.connection();
        connection = new ControllerConnection(
                action.address(), Words.hello(softwareVersion()), new Told(action.connection()));
        connection.open();
    }

    @Override
    public void hangUp(AgentAction.HangUp action) {
        if (action.connection() == connectionNumber) {
            closeConnection();
        }
    }

    @Override
    public void ask(AgentAction.Ask action) {
        if (connection != null && action.connection() == connectionNumber) {
            connection.send(parts.words().frame(action.request(), action.content()));
        }
    }

    @Override
    public void storeIdentity(AgentAction.StoreIdentity action) {
        parts.disk().execute(() -> {
            try {
                identityFile.store(action.identity());
                mailbox.accept(new AgentEvent.IdentityStored());
            } catch (IOException e) {
                mailbox.accept(new AgentEvent.IdentityNotStored(e.toString()));
            }
        });
    }

    @Override
    public void allowWrites(AgentAction.AllowWrites action) {
        if (action.untilMs() == Long.MAX_VALUE) {
            parts.permit().grantWithoutEnd(action.masterEpoch());
        } else {
            parts.permit().grant(action.masterEpoch(), parts.clock().nanosAt(action.untilMs()));
        }
    }

    @Override
    public void fence(AgentAction.Fence action) {
        parts.permit().revoke();
    }

    @Override
    public void pauseWrites(AgentAction.PauseWrites action) {
        parts.replica().keepSends();
        parts.permit().pause();
        switches.execute(() -> {
            try {
                parts.replica().awaitWritesEnd();
                mailbox.accept(new AgentEvent.WritesPaused(action.number()));
            } catch (Throwable e) {
                parts.listener().warn("writes have not ended", e);
            }
        });
    }

    @Override
    public void resumeWrites(AgentAction.ResumeWrites action) {
        parts.permit().resume();
    }

    @Override
    public void becomeMaster(AgentAction.BecomeMaster action) {
        MasterRole role = new MasterRole(
                brokerId, action.masterEpoch(), action.syncStateSet().members());
        carryOut(action.attempt(), () -> {
            parts.replica().useAckRule(AckRule.ALL_IN_SYNC);
            parts.replica().becomeMaster(role);
        });
    }

    @Override
    public void becomeSlave(AgentAction.BecomeSlave action) {
        SlaveRole role =
                new SlaveRole(brokerId, action.masterEpoch(), action.master(), action.address(), action.haAddress());
        carryOut(action.attempt(), () -> parts.replica().becomeSlave(role));
    }

    @Override
    public void followHaAddress(AgentAction.FollowHaAddress action) {
        parts.replica().followHaAddress(action.haAddress());
    }

    @Override
    public void useSyncStateSet(AgentAction.UseSyncStateSet action) {
        parts.replica().acknowledgeBy(action.acking());
    }

    @Override
    public void useAckRule(AgentAction.UseAckRule action) {
        parts.replica().useAckRule(action.rule());
    }

    @Override
    public void askPeer(AgentAction.AskPeer action) {
        // Later than half a lease, an answer could only come too late.
        parts.peers()
                .ask(action, brokerId, Math.max(100, parts.config().settings().leaseMs() / 2));
    }

    @Override
    public void answerPeer(AgentAction.AnswerPeer action) {
        parts.peers().answer(action);
    }

    @Override
    public void knock(AgentAction.Knock action) {
        doors.knock(action.address(), refused -> mailbox.accept(new AgentEvent.Knocked(action.number(), refused)));
    }

    @Override
    public void note(AgentAction.Note action) {
        String text = action.kind() + ": " + action.text();
        switch (action.kind()) {
            case PROBLEM, SWITCH_FAILED -> parts.listener().warn(text, null);
            default -> parts.listener().info(text);
        }
    }

    @Override
    public void stopped(AgentAction.Stopped action) {
        whenStopped.run();
    }

    private void carryOut(long attempt, Switch change) {
        switches.execute(() -> {
            try {
                change.run();
                mailbox.accept(new AgentEvent.SwitchDone(attempt));
            } catch (Throwable e) {
                // Errors as well: a page of the log for which the disk has no room is one. The agent must hear of it.
                parts.listener().warn("a switch failed", e);
                mailbox.accept(new AgentEvent.SwitchFailed(attempt, e.toString()));
            }
        });
    }

    private void closeConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private static String softwareVersion() {
        String version = ActionExecutor.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    /** What one connection says, as events that carry its number. On the connection's thread. */
    private final class Told implements ControllerConnection.Listener {
        private final long number;
        private volatile String node = "";

        Told(long number) {
            this.number = number;
        }

        @Override
        public void greeted(ServerFrame hello) {
            node = hello.getHello().getNodeId();
            tellOfLeader(hello.getLeader());
        }

        private void tellOfLeader(LeaderHint leader) {
            boolean leads = !leader.getNodeId().isEmpty() && leader.getNodeId().equals(node);
            mailbox.accept(new AgentEvent.Greeted(number, leads, leader.getAddress()));
        }

        @Override
        public void received(ServerFrame frame) {
            if (frame.getRequestId() != 0) {
                ControllerAnswer answer = Words.answer(frame);
                mailbox.accept(new AgentEvent.Answered(number, frame.getRequestId(), answer));
            } else if (frame.hasChanged()) {
                mailbox.accept(new AgentEvent.Pushed(number, Words.view(frame.getChanged())));
            } else if (frame.hasLeader()) {
                tellOfLeader(frame.getLeader());
            }
        }

        @Override
        public void lost(String reason) {
            mailbox.accept(new AgentEvent.ConnectionLost(number, reason));
        }
    }
}
