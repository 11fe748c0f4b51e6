package io.mqcontroller.controller.rpc;

import io.netty.channel.Channel;

/**
 * Takes a connection over: adds its handlers at the end of the channel's pipeline. Everything received since the beginning
 * reaches them. Called on the channel's event loop.
 */
@FunctionalInterface
public interface Handover {
    void accept(Channel channel);
}
