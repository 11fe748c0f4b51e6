package io.mqcontroller.agent.rocketmq;

import io.netty.channel.ChannelHandlerContext;
import java.util.function.Supplier;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** What clients send to this broker while it has no permit to write, kept by the relay of what happens to it now: an end or a switch-over. */
final class KeptSends {
    private final SendRelay atStop;
    private final Supplier<SendRelay> relays;
    private volatile SendRelay atSwitchOver;

    /**
     * @param atStop opened when the broker ends
     * @param relays makes one for each switch-over
     */
    KeptSends(SendRelay atStop, Supplier<SendRelay> relays) {
        this.atStop = atStop;
        this.relays = relays;
    }

    /** True: it will be answered. Any thread. */
    boolean take(ChannelHandlerContext ctx, RemotingCommand request) {
        SendRelay now = atSwitchOver;
        return atStop.take(ctx, request) || now != null && now.take(ctx, request);
    }

    /**
     * Sends are kept from now on, and passed on for so long by a thread of its own: the broker goes on, and clients that have not
     * looked for the new master yet still send to this one. Does not wait.
     */
    void keepFor(long withinMs) {
        SendRelay relay = relays.get();
        relay.open();
        atSwitchOver = relay;
        Thread thread = new Thread(() -> relay.run(withinMs), "mqagent-relay");
        thread.setDaemon(true);
        thread.start();
    }
}
