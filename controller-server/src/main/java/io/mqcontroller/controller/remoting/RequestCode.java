package io.mqcontroller.controller.remoting;

/** Numbers of the requests that a controller takes, and of the one that it sends. */
public final class RequestCode {
    public static final int BROKER_HEARTBEAT = 904;
    public static final int ALTER_SYNC_STATE_SET = 1001;
    public static final int ELECT_MASTER = 1002;
    public static final int REGISTER_BROKER = 1003;
    public static final int GET_REPLICA_INFO = 1004;
    public static final int GET_METADATA_INFO = 1005;
    public static final int GET_SYNC_STATE_DATA = 1006;

    /** Sent by the controller to brokers, never taken. */
    public static final int NOTIFY_BROKER_ROLE_CHANGED = 1008;

    public static final int UPDATE_CONTROLLER_CONFIG = 1009;
    public static final int GET_CONTROLLER_CONFIG = 1010;
    public static final int CLEAN_BROKER_DATA = 1011;
    public static final int GET_NEXT_BROKER_ID = 1012;
    public static final int APPLY_BROKER_ID = 1013;

    /** Stands for every number that is not served, where numbers from strangers must not become labels. */
    public static final int UNKNOWN = 0;

    private RequestCode() {}
}
