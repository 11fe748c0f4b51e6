package io.mqcontroller.agent.rocketmq;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.rocketmq.remoting.RemotingClient;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/**
 * Asks agents of other replicas through the client that the broker itself calls others with. That client waits for a connection
 * to be made, so it is called from threads of its own, one a peer at the most.
 */
final class PeerClient {
    private static final int MAX_PEERS = 8;

    private final Supplier<RemotingClient> client;
    private final ThreadPoolExecutor threads;

    PeerClient(Supplier<RemotingClient> client) {
        this.client = client;
        threads = new ThreadPoolExecutor(
                MAX_PEERS, MAX_PEERS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_PEERS), task -> {
                    Thread made = new Thread(task, "mqagent-ask-peer");
                    made.setDaemon(true);
                    return made;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    CompletionStage<byte[]> ask(String address, byte[] question, long timeoutMs) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> call(address, question, timeoutMs, answer));
        } catch (RejectedExecutionException tooMany) {
            answer.completeExceptionally(tooMany);
        }
        return answer;
    }

    void close() {
        threads.shutdownNow();
    }

    private void call(String address, byte[] question, long timeoutMs, CompletableFuture<byte[]> answer) {
        RemotingCommand request = RemotingCommand.createRequestCommand(PeerQuestionProcessor.REQUEST_CODE, null);
        request.setBody(question);
        try {
            RemotingCommand response = client.get().invokeSync(address, request, timeoutMs);
            if (response.getCode() == ResponseCode.SUCCESS && response.getBody() != null) {
                answer.complete(response.getBody());
            } else {
                answer.completeExceptionally(new IllegalStateException(
                        address + " answered " + response.getCode() + " " + response.getRemark()));
            }
        } catch (RemotingException | RuntimeException e) {
            answer.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
        }
    }
}
