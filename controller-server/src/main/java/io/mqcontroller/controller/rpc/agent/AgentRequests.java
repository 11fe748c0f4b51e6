package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.BadRequestException;
import io.mqcontroller.proto.controller.AlterSyncStateSetRequest;
import io.mqcontroller.proto.controller.ApplyBrokerIdRequest;
import io.mqcontroller.proto.controller.CleanGroupRequest;
import io.mqcontroller.proto.controller.DrainRequest;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.HeartbeatRequest;
import io.mqcontroller.proto.controller.RegisterRequest;
import io.mqcontroller.proto.controller.SlaveStatus;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Requests of one connection as use cases. What no honest agent sends is refused here, before the controller sees it. */
final class AgentRequests {
    private static final int MAX_TEXT_LENGTH = 255;
    private static final int MAX_IDS = 1024;
    private static final long MAX_SWITCH_OVER_LIMIT_MS = 60_000;
    private static final Pattern ADDRESS = Pattern.compile("[^\\s/\\p{Cntrl};]{1,249}:[1-9][0-9]{0,4}");

    private final ConnectionId connection;
    private final boolean tool;
    private final String remote;
    private final int maxSlaves;

    /**
     * @param tool whether an operator speaks, and not an agent
     * @param remote address of the other side
     */
    AgentRequests(ConnectionId connection, boolean tool, String remote, int maxSlaves) {
        this.connection = connection;
        this.tool = tool;
        this.remote = remote;
        this.maxSlaves = maxSlaves;
    }

    boolean isTool() {
        return tool;
    }

    String remote() {
        return remote;
    }

    GroupKey group(GroupName name) throws BadRequestException {
        text("group.cluster", name.getCluster());
        text("group.broker_name", name.getBrokerName());
        return new GroupKey(name.getCluster(), name.getBrokerName());
    }

    GroupRef groupRef(GroupName name) throws BadRequestException {
        GroupKey key = group(name);
        return new GroupRef(Optional.of(key.cluster()), key.brokerName(), connection);
    }

    ApplyBrokerId applyBrokerId(ApplyBrokerIdRequest request) throws BadRequestException {
        String checkCode = text("register_check_code", request.getRegisterCheckCode());
        int separator = checkCode.indexOf(';');
        address("register_check_code", separator < 0 ? "" : checkCode.substring(0, separator));
        return new ApplyBrokerId(
                group(request.getGroup()), id("broker_id", request.getBrokerId()), checkCode, connection);
    }

    Register register(RegisterRequest request) throws BadRequestException {
        return new Register(
                group(request.getGroup()),
                id("broker_id", request.getBrokerId()),
                address("address", request.getAddress()),
                addressOrNone("ha_address", request.getHaAddress()),
                true,
                connection);
    }

    AgentHeartbeat heartbeat(HeartbeatRequest request) throws BadRequestException {
        if (request.getStatus().getSlavesCount() > maxSlaves) {
            throw new BadRequestException(
                    "status.slaves has " + request.getStatus().getSlavesCount() + " entries; at most " + maxSlaves
                            + ", the latest ones first");
        }
        return new AgentHeartbeat(
                group(request.getGroup()),
                id("broker_id", request.getBrokerId()),
                address("address", request.getAddress()),
                addressOrNone("ha_address", request.getHaAddress()),
                atLeast(-1, "last_epoch", request.getLastEpoch()),
                atLeast(0, "known_master_epoch", request.getKnownMasterEpoch()),
                request.getMaxOffset(),
                request.getConfirmOffset(),
                request.getTimeoutMs() < 0 ? Long.MAX_VALUE : request.getTimeoutMs(),
                request.getPriority(),
                role(request.getRole()),
                atLeast(0, "role_epoch", request.getRoleEpoch()),
                request.getAckRule() == io.mqcontroller.proto.controller.AckRule.ALL_IN_SYNC
                        ? AckRule.ALL_IN_SYNC
                        : AckRule.WEAKER,
                request.getLearner(),
                request.getResigns(),
                cut(request.getUnfit()),
                status(request.getStatus()),
                handOver(request),
                Math.max(0, request.getRegisteredMs()),
                request.getMasterGone(),
                connection);
    }

    AlterSyncStateSet alterSyncStateSet(AlterSyncStateSetRequest request) throws BadRequestException {
        SortedSet<BrokerId> members = new TreeSet<>();
        for (long member : request.getNewSetList()) {
            members.add(id("new_set", member));
        }
        return new AlterSyncStateSet(
                groupRef(request.getGroup()),
                id("broker_id", request.getBrokerId()),
                atLeast(0, "master_epoch", request.getMasterEpoch()),
                members,
                atLeast(0, "known_set_epoch", request.getKnownSetEpoch()));
    }

    CleanBrokers cleanBrokers(CleanGroupRequest request) throws BadRequestException {
        if (request.getBrokerIdsCount() > MAX_IDS) {
            throw new BadRequestException(
                    "broker_ids has " + request.getBrokerIdsCount() + " entries; at most " + MAX_IDS);
        }
        SortedSet<BrokerId> ids = new TreeSet<>();
        for (long id : request.getBrokerIdsList()) {
            ids.add(id("broker_ids", id));
        }
        return new CleanBrokers(groupRef(request.getGroup()), ids, request.getIncludeLiving(), request.getDryRun());
    }

    ElectMaster electMaster(ElectMasterRequest request) throws BadRequestException {
        if (request.getBrokerId() == 0 && request.getDesignate()) {
            throw new BadRequestException("broker_id must be given with designate");
        }
        return new ElectMaster(
                groupRef(request.getGroup()),
                request.getBrokerId() == 0 ? Optional.empty() : Optional.of(id("broker_id", request.getBrokerId())),
                request.getDesignate());
    }

    SwitchOver switchOver(SwitchOverRequest request) throws BadRequestException {
        long limitMs = request.getLimitMs() == 0 ? SwitchOver.DEFAULT_LIMIT_MS : request.getLimitMs();
        if (limitMs < 0 || limitMs > MAX_SWITCH_OVER_LIMIT_MS) {
            throw new BadRequestException(
                    "limit_ms must be 1 to " + MAX_SWITCH_OVER_LIMIT_MS + ", or 0 for " + SwitchOver.DEFAULT_LIMIT_MS);
        }
        long maxLag = request.getMaxLagBytes() == 0 ? SwitchOver.DEFAULT_MAX_LAG_BYTES : request.getMaxLagBytes();
        return new SwitchOver(
                groupRef(request.getGroup()),
                id("to", request.getTo()),
                limitMs,
                maxLag < 0 ? Long.MAX_VALUE : maxLag,
                request.getMayLose());
    }

    Drain drain(DrainRequest request) throws BadRequestException {
        if (request.getMachine().isEmpty()) {
            return new Drain(
                    Optional.of(group(request.getGroup())),
                    Optional.of(id("broker_id", request.getBrokerId())),
                    "",
                    request.getDrained());
        }
        if (request.hasGroup() || request.getBrokerId() != 0) {
            throw new BadRequestException("either machine, or group and broker_id");
        }
        return new Drain(
                Optional.empty(), Optional.empty(), text("machine", request.getMachine()), request.getDrained());
    }

    private static HandOverReport handOver(HeartbeatRequest request) {
        io.mqcontroller.proto.controller.HandOverReport report = request.getHandOver();
        return request.hasHandOver()
                ? new HandOverReport(
                        true,
                        report.getOrder(),
                        report.getTo() > 0 ? Optional.of(new BrokerId(report.getTo())) : Optional.empty(),
                        cut(report.getFailed()))
                : HandOverReport.NONE;
    }

    private static AgentRole role(io.mqcontroller.proto.controller.AgentRole role) throws BadRequestException {
        return switch (role) {
            case FENCED -> AgentRole.FENCED;
            case MASTER -> AgentRole.MASTER;
            case SLAVE -> AgentRole.SLAVE;
            case AGENT_ROLE_UNSPECIFIED, UNRECOGNIZED ->
                throw new BadRequestException("role must be FENCED, MASTER or SLAVE");
        };
    }

    private static AgentStatus status(io.mqcontroller.proto.controller.AgentStatus status) {
        List<AgentStatus.Slave> slaves = new ArrayList<>(status.getSlavesCount());
        for (SlaveStatus slave : status.getSlavesList()) {
            if (slave.getBrokerId() > 0) {
                slaves.add(new AgentStatus.Slave(
                        new BrokerId(slave.getBrokerId()),
                        Math.max(0, slave.getLagBytes()),
                        Math.max(0, slave.getLagMs()),
                        slave.getConnected()));
            }
        }
        return new AgentStatus(
                Math.max(0, status.getLeaseRemainingMs()), Math.max(0, status.getFencings()), slaves, status.getZone());
    }

    private static BrokerId id(String field, long id) throws BadRequestException {
        if (id < 1) {
            throw new BadRequestException(field + " must be an id from 1 on");
        }
        return new BrokerId(id);
    }

    private static int atLeast(int least, String field, int value) throws BadRequestException {
        if (value < least) {
            throw new BadRequestException(field + " must be " + least + " to " + Integer.MAX_VALUE);
        }
        return value;
    }

    private static String text(String field, String text) throws BadRequestException {
        if (text.isBlank() || text.length() > MAX_TEXT_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequestException(field + " must have 1 to " + MAX_TEXT_LENGTH
                    + " characters, no control characters, and not only blanks");
        }
        return text;
    }

    private static String address(String field, String text) throws BadRequestException {
        if (!ADDRESS.matcher(text).matches() || Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)) > 65_535) {
            throw new BadRequestException(field + " must have the form host:port");
        }
        return text;
    }

    private static String addressOrNone(String field, String text) throws BadRequestException {
        return text.isEmpty() ? text : address(field, text);
    }

    /** For people, so a part of it will do, and it goes into log lines. */
    private static String cut(String reason) {
        String part = reason.length() > MAX_TEXT_LENGTH ? reason.substring(0, MAX_TEXT_LENGTH) : reason;
        return part.replaceAll("[\\p{Cntrl}\"]", " ");
    }
}
