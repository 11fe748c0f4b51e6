package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.spi.WritePermit;
import io.netty.channel.ChannelHandlerContext;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Any of Apache's processors that write and answer from the same call, with the permit around it. */
record PermittedProcessor(NettyRequestProcessor processor, WritesInProgress writes, AnswerGate gate, KeptSends sends)
        implements NettyRequestProcessor {
    @Override
    public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) throws Exception {
        long ticket = writes.begin();
        try {
            if (ticket == WritePermit.REFUSED) {
                return sends.take(ctx, request) ? null : WriteAnswers.refused(request);
            }
            RemotingCommand response = processor.processRequest(ctx, request);
            return response == null ? null : gate.guard(ctx, ticket, request, response);
        } finally {
            writes.end();
        }
    }

    @Override
    public boolean rejectRequest() {
        return processor.rejectRequest();
    }
}
