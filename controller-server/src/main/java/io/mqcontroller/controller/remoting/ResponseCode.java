package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.metadata.Refusal;

/** Numbers of the answers, as brokers and {@code mqadmin} know them. */
public final class ResponseCode {
    public static final int SUCCESS = 0;
    public static final int SYSTEM_ERROR = 1;
    public static final int SYSTEM_BUSY = 2;
    public static final int REQUEST_CODE_NOT_SUPPORTED = 3;
    public static final int NO_PERMISSION = 16;
    public static final int FENCED_MASTER_EPOCH = 2000;
    public static final int FENCED_SYNC_STATE_SET_EPOCH = 2001;
    public static final int INVALID_MASTER = 2002;
    public static final int INVALID_REPLICAS = 2003;
    public static final int INVALID_REQUEST = 2005;
    public static final int BROKER_NOT_ALIVE = 2006;
    public static final int NOT_LEADER = 2007;
    public static final int BROKER_METADATA_NOT_EXIST = 2008;
    public static final int INVALID_CLEAN_BROKER_METADATA = 2009;
    public static final int BROKER_NEED_TO_BE_REGISTERED = 2010;
    public static final int MASTER_STILL_EXIST = 2011;
    public static final int ELECT_MASTER_FAILED = 2012;
    public static final int ALTER_SYNC_STATE_SET_FAILED = 2013;
    public static final int BROKER_ID_INVALID = 2014;

    private ResponseCode() {}

    /** The number that {@code requestCode} answers a refusal with: the same cause has another number in each request. */
    static int of(int requestCode, Refusal refusal) {
        return switch (refusal) {
            case BAD_REQUEST -> badRequest(requestCode);
            case UNKNOWN_GROUP -> unknownGroup(requestCode);
            case AMBIGUOUS_GROUP -> SYSTEM_ERROR;
            case UNKNOWN_REPLICA -> unknownReplica(requestCode);
            case BROKER_ID_TAKEN -> BROKER_ID_INVALID;
            case NOT_THE_MASTER -> INVALID_MASTER;
            case STALE_MASTER_EPOCH -> FENCED_MASTER_EPOCH;
            case STALE_SYNC_STATE_SET_EPOCH -> FENCED_SYNC_STATE_SET_EPOCH;
            case REPLICA_NOT_ALIVE -> BROKER_NOT_ALIVE;
            case BAD_SYNC_STATE_SET -> ALTER_SYNC_STATE_SET_FAILED;
            case NO_ELIGIBLE_REPLICA -> ELECT_MASTER_FAILED;
            case CLEAN_REFUSED -> INVALID_CLEAN_BROKER_METADATA;
            case SWITCH_OVER_REFUSED -> ELECT_MASTER_FAILED;
            case OVERLOADED -> SYSTEM_BUSY;
        };
    }

    private static int badRequest(int requestCode) {
        return switch (requestCode) {
            case RequestCode.CLEAN_BROKER_DATA -> INVALID_CLEAN_BROKER_METADATA;
            case RequestCode.GET_SYNC_STATE_DATA -> SYSTEM_ERROR;
            default -> INVALID_REQUEST;
        };
    }

    private static int unknownGroup(int requestCode) {
        return switch (requestCode) {
            case RequestCode.ALTER_SYNC_STATE_SET -> ALTER_SYNC_STATE_SET_FAILED;
            case RequestCode.GET_REPLICA_INFO -> BROKER_METADATA_NOT_EXIST;
            case RequestCode.CLEAN_BROKER_DATA -> INVALID_CLEAN_BROKER_METADATA;
            default -> BROKER_NEED_TO_BE_REGISTERED;
        };
    }

    private static int unknownReplica(int requestCode) {
        return switch (requestCode) {
            case RequestCode.ALTER_SYNC_STATE_SET -> INVALID_REPLICAS;
            case RequestCode.CLEAN_BROKER_DATA -> INVALID_CLEAN_BROKER_METADATA;
            default -> BROKER_NEED_TO_BE_REGISTERED;
        };
    }
}
