package io.mqcontroller.agent.rocketmq;

import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/** Answers to writes for which there is no permit. Producers try again elsewhere or later after each of them. */
final class WriteAnswers {
    private WriteAnswers() {}

    /** Nothing was stored. */
    static RemotingCommand refused(RemotingCommand request) {
        return answer(
                request,
                ResponseCode.SERVICE_NOT_AVAILABLE,
                "this broker is fenced: it is not master, or can't be sure that it still is");
    }

    /** In place of a promise that this broker can't make any more, an error that promises nothing. */
    static RemotingCommand overtaken(RemotingCommand requestOrAnswer) {
        RemotingCommand answer = unknown(requestOrAnswer, "this broker stopped being master while it was written");
        answer.setSerializeTypeCurrentRPC(requestOrAnswer.getSerializeTypeCurrentRPC());
        answer.markResponseType();
        return answer;
    }

    /** The message may be stored or not. */
    static RemotingCommand unknown(RemotingCommand request, String why) {
        return answer(request, ResponseCode.SYSTEM_ERROR, "the message may be stored or not: " + why);
    }

    /** Codes of answers from which a client learns that its message is stored. */
    static boolean promises(int code) {
        return code == ResponseCode.SUCCESS
                || code == ResponseCode.FLUSH_DISK_TIMEOUT
                || code == ResponseCode.FLUSH_SLAVE_TIMEOUT
                || code == ResponseCode.SLAVE_NOT_AVAILABLE;
    }

    private static RemotingCommand answer(RemotingCommand request, int code, String remark) {
        RemotingCommand answer = RemotingCommand.createResponseCommand(code, remark);
        answer.setOpaque(request.getOpaque());
        return answer;
    }
}
