package io.mqcontroller.agent.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentAction;
import io.mqcontroller.agent.core.AgentEvent;
import io.mqcontroller.agent.spi.BrokerReplica;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.PeerConfirmReply;
import io.mqcontroller.proto.controller.PeerConfirmRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Questions between agents of one group: may the master go on without controllers? Any thread. */
final class PeerQuestions {
    private static final int MAX_WAITING = 64;

    private final GroupName group;
    private final BrokerReplica replica;
    private final Consumer<AgentEvent> mailbox;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    PeerQuestions(GroupName group, BrokerReplica replica, Consumer<AgentEvent> mailbox) {
        this.group = group;
        this.replica = replica;
        this.mailbox = mailbox;
    }

    /** Asks; the answer, or that there is none, comes as an event. */
    void ask(AgentAction.AskPeer question, long self, long timeoutMs) {
        byte[] request = PeerConfirmRequest.newBuilder()
                .setGroup(group)
                .setMaster(self)
                .setMasterEpoch(question.masterEpoch())
                .setBrokerId(question.brokerId())
                .setLeaseMs(question.leaseMs())
                .setAckRule(io.mqcontroller.proto.controller.AckRule.valueOf(
                        question.ackRule().name()))
                .build()
                .toByteArray();
        replica.askPeer(question.address(), request, timeoutMs)
                .whenComplete((answer, failure) -> mailbox.accept(answered(question.question(), answer)));
    }

    private static AgentEvent answered(long question, byte[] answer) {
        try {
            if (answer != null) {
                PeerConfirmReply reply = PeerConfirmReply.parseFrom(answer);
                return new AgentEvent.PeerAnswered(question, reply.getConfirmed(), reply.getKnownMasterEpoch());
            }
        } catch (InvalidProtocolBufferException notAnAnswer) {
            // As good as none.
        }
        return new AgentEvent.PeerSilent(question);
    }

    /** A question of another agent; fails when it is not for this group or when too many wait. */
    CompletionStage<byte[]> asked(byte[] question) {
        PeerConfirmRequest request;
        try {
            request = PeerConfirmRequest.parseFrom(question);
        } catch (InvalidProtocolBufferException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (!request.getGroup().equals(group)) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("this is group " + group.getBrokerName()
                    + ", not " + request.getGroup().getBrokerName()));
        }
        if (waiting.size() >= MAX_WAITING) {
            return CompletableFuture.failedFuture(new TimeoutException("too many questions wait"));
        }
        long number = numbers.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        mailbox.accept(new AgentEvent.PeerAsked(
                number,
                request.getMaster(),
                request.getMasterEpoch(),
                request.getBrokerId(),
                request.getLeaseMs(),
                ackRule(request)));
        return answer;
    }

    private static AckRule ackRule(PeerConfirmRequest request) {
        // A master that does not say is waited for.
        return request.getAckRule() == io.mqcontroller.proto.controller.AckRule.ALL_IN_SYNC
                ? AckRule.ALL_IN_SYNC
                : AckRule.WEAKER;
    }

    void answer(AgentAction.AnswerPeer answer) {
        CompletableFuture<byte[]> who = waiting.remove(answer.question());
        if (who != null) {
            who.complete(PeerConfirmReply.newBuilder()
                    .setConfirmed(answer.confirmed())
                    .setKnownMasterEpoch(answer.knownMasterEpoch())
                    .build()
                    .toByteArray());
        }
    }
}
