package io.mqcontroller.agent.rocketmq;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/** Hands a question of another replica's agent to this one's, and its answer back. */
final class PeerQuestionProcessor implements NettyRequestProcessor {
    /** Request code of such questions; Apache's own are far from it. */
    static final int REQUEST_CODE = 19_001;

    private final Function<byte[], CompletionStage<byte[]>> agent;

    PeerQuestionProcessor(Function<byte[], CompletionStage<byte[]>> agent) {
        this.agent = agent;
    }

    @Override
    public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) {
        byte[] question = request.getBody() == null ? new byte[0] : request.getBody();
        agent.apply(question).whenComplete((answer, failure) -> ctx.writeAndFlush(response(request, answer, failure)));
        return null;
    }

    @Override
    public boolean rejectRequest() {
        return false;
    }

    private static RemotingCommand response(RemotingCommand request, byte[] answer, Throwable failure) {
        RemotingCommand response = failure == null
                ? RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, null)
                : RemotingCommand.createResponseCommand(
                        ResponseCode.SYSTEM_ERROR, String.valueOf(failure.getMessage()));
        response.setBody(answer);
        response.setOpaque(request.getOpaque());
        response.markResponseType();
        return response;
    }
}
