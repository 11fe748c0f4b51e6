package io.mqcontroller.controller.rpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;

/**
 * Takes the decoded PROXY header out of the way. Whom it names is not believed: any stranger can write one, and nothing here
 * depends on a caller's address.
 */
final class ProxyHeaderSink extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HAProxyMessage header) {
            header.release();
            ctx.pipeline().remove(this);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
