package io.mqcontroller.controller.rpc;

/** Told what happens at the port, for metrics. Called on event loops: implementations count and return. */
public interface RpcObserver {
    /** Counts nothing. */
    RpcObserver NONE = new RpcObserver() {};

    /** What a connection turned out to speak. */
    enum Protocol {
        PEER,
        REMOTING,
        AGENT
    }

    /** Why a connection was not served. */
    enum Turned {
        /** Its first bytes belong to nothing spoken here. */
        UNKNOWN_PROTOCOL,
        /** It is a peer of a version that this one does not know. */
        UNKNOWN_PEER_VERSION,
        /** It is an agent or a tool whose frames this one does not know. */
        UNKNOWN_AGENT_VERSION,
        /** It wants TLS, which is not offered here. */
        TLS,
        /** It speaks HTTP, which has a port of its own. */
        HTTP,
        /** The bytes before the protocol say they are a PROXY header, and are not. */
        BAD_PROXY_HEADER,
        /** It did not show what it speaks in time. */
        SILENT,
        TOO_MANY_CONNECTIONS
    }

    default void onAccepted(Protocol protocol) {}

    default void onTurnedAway(Turned reason) {}
}
