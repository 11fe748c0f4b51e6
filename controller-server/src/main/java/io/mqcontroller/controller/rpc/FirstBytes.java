package io.mqcontroller.controller.rpc;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells by the first bytes what a connection speaks; nothing is decided before they are enough. Pure. */
final class FirstBytes {
    /** What a connection speaks. */
    enum Kind {
        NOT_YET_KNOWN,
        PEER,
        /** A peer, but of another version than ours. */
        OTHER_PEER_VERSION,
        AGENT,
        /** An agent, but with frames of another version than ours. */
        OTHER_AGENT_VERSION,
        REMOTING,
        PROXY,
        TLS,
        HTTP,
        UNKNOWN
    }

    private static final int PREFIX_BYTES = 4;
    private static final int TLS_HANDSHAKE = 0x16;

    /** Of version 2 of the PROXY protocol. */
    private static final byte[] PROXY_SIGNATURE = ByteBufUtil.decodeHexDump("0d0a0d0a000d0a515549540a");

    private static final byte[] PEER_NAME = {'M', 'Q', 'C'};
    private static final byte[] AGENT_NAME = {'M', 'Q', 'A'};

    /** Of every method, and of HTTP/2's first line. */
    private static final List<byte[]> HTTP_PREFIXES = List.of(
            ascii("GET "),
            ascii("HEAD"),
            ascii("POST"),
            ascii("PUT "),
            ascii("DELE"),
            ascii("OPTI"),
            ascii("PATC"),
            ascii("TRAC"),
            ascii("CONN"),
            ascii("PRI "));

    private FirstBytes() {}

    static Kind kindOf(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return Kind.NOT_YET_KNOWN;
        }
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first == 0) {
            // The highest byte of a length, and no frame is as long as 16 MiB.
            return Kind.REMOTING;
        }
        if (first == TLS_HANDSHAKE) {
            return Kind.TLS;
        }
        if (first == PROXY_SIGNATURE[0]) {
            return whetherProxySignature(bytes);
        }
        return bytes.readableBytes() < PREFIX_BYTES ? Kind.NOT_YET_KNOWN : kindOfPrefix(bytes);
    }

    private static Kind whetherProxySignature(ByteBuf bytes) {
        int seen = Math.min(bytes.readableBytes(), PROXY_SIGNATURE.length);
        if (!startsWith(bytes, PROXY_SIGNATURE, seen)) {
            return Kind.UNKNOWN;
        }
        return seen < PROXY_SIGNATURE.length ? Kind.NOT_YET_KNOWN : Kind.PROXY;
    }

    private static Kind kindOfPrefix(ByteBuf bytes) {
        if (startsWith(bytes, PEER_NAME, PEER_NAME.length)) {
            return bytes.getInt(bytes.readerIndex()) == FrameDecoder.PEER_PREFACE ? Kind.PEER : Kind.OTHER_PEER_VERSION;
        }
        if (startsWith(bytes, AGENT_NAME, AGENT_NAME.length)) {
            return bytes.getInt(bytes.readerIndex()) == FrameDecoder.CLIENT_PREFACE
                    ? Kind.AGENT
                    : Kind.OTHER_AGENT_VERSION;
        }
        if (startsWith(bytes, ascii("PROX"), PREFIX_BYTES)) {
            return Kind.PROXY;
        }
        for (byte[] prefix : HTTP_PREFIXES) {
            if (startsWith(bytes, prefix, PREFIX_BYTES)) {
                return Kind.HTTP;
            }
        }
        return Kind.UNKNOWN;
    }

    private static boolean startsWith(ByteBuf bytes, byte[] expected, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
