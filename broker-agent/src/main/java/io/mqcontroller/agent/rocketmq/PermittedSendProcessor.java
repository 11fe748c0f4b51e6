package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.spi.WritePermit;
import io.netty.channel.ChannelHandlerContext;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.broker.processor.SendMessageProcessor;
import org.apache.rocketmq.remoting.exception.RemotingCommandException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * Apache's processor of sends, which looks at the permit before the message is stored and again at the last moment before the
 * answer is written, on whatever thread that happens.
 */
final class PermittedSendProcessor extends SendMessageProcessor {
    /** Carries the ticket from the request to its answer. A client's own value is overwritten. */
    private static final String TICKET_FIELD = "_mqcWriteTicket";

    private final WritesInProgress writes;
    private final AnswerGate gate;
    private final KeptSends sends;

    PermittedSendProcessor(BrokerController broker, WritesInProgress writes, AnswerGate gate, KeptSends sends) {
        super(broker);
        this.writes = writes;
        this.gate = gate;
        this.sends = sends;
    }

    @Override
    public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request)
            throws RemotingCommandException {
        long ticket = writes.begin();
        try {
            if (ticket == WritePermit.REFUSED) {
                return sends.take(ctx, request) ? null : WriteAnswers.refused(request);
            }
            request.addExtField(TICKET_FIELD, Long.toString(ticket));
            RemotingCommand response = super.processRequest(ctx, request);
            return response == null ? null : gate.guard(ctx, ticket, request, response);
        } finally {
            writes.end();
        }
    }

    /** RocketMQ looks at the broker's role here, and would refuse as a slave what is to be kept for the new master. */
    @Override
    public boolean rejectRequest() {
        return writes.mayBegin() && super.rejectRequest();
    }

    @Override
    protected void doResponse(ChannelHandlerContext ctx, RemotingCommand request, RemotingCommand response) {
        super.doResponse(ctx, request, gate.guard(ctx, ticketOf(request), request, response));
    }

    private static long ticketOf(RemotingCommand request) {
        String ticket =
                request.getExtFields() == null ? null : request.getExtFields().get(TICKET_FIELD);
        return ticket == null ? WritePermit.REFUSED : Long.parseLong(ticket);
    }
}
