package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Groups as operators see them. */
final class GroupReports {
    private GroupReports() {}

    /** How a group is, in a word. */
    enum State {
        OK(Tone.GOOD),
        /** It takes writes, but a replica is dead or not in the SyncStateSet. */
        DEGRADED(Tone.WARNING),
        /** It waits for its first election. */
        NEW(Tone.WARNING),
        /** It has no master that is alive. */
        NO_MASTER(Tone.BAD);

        private final Tone tone;

        State(Tone tone) {
            this.tone = tone;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        Cell cell() {
            return Cell.of(text(), tone);
        }
    }

    static State stateOf(GroupDetails group) {
        Optional<ReplicaDetails> master = masterOf(group);
        if (master.isEmpty() || !master.get().getAlive()) {
            return group.getEverElected() ? State.NO_MASTER : State.NEW;
        }
        boolean whole = group.getReplicasList().stream()
                .allMatch(replica ->
                        replica.getAlive() && group.getSyncStateSetList().contains(replica.getBrokerId()));
        return whole ? State.OK : State.DEGRADED;
    }

    static Optional<ReplicaDetails> masterOf(GroupDetails group) {
        return group.getReplicasList().stream()
                .filter(replica -> replica.getBrokerId() == group.getMaster())
                .findFirst();
    }

    /** Said instead of a list of none. */
    static String allOk(int groups) {
        return groups == 1 ? "The only group is ok." : "All " + groups + " groups are ok.";
    }

    /** The host of its address. */
    static String machineOf(ReplicaDetails replica) {
        String address = replica.getAddress();
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    /** Who could take over from the master by a planned switch-over, were it ordered now. */
    static List<ReplicaDetails> heirs(GroupDetails group) {
        return group.getReplicasList().stream()
                .filter(replica -> replica.getBrokerId() != group.getMaster()
                        && replica.getAgent()
                        && replica.getAlive()
                        && !replica.getDrained()
                        && replica.getNotElectable().isEmpty()
                        && group.getSyncStateSetList().contains(replica.getBrokerId()))
                .toList();
    }

    static Report list(List<GroupDetails> groups) {
        Table table = new Table(
                        "CLUSTER",
                        "GROUP",
                        "MASTER",
                        "EPOCH",
                        "SYNC STATE SET",
                        "SET EPOCH",
                        "ALIVE",
                        "STATE",
                        "DRAINED")
                .showIfUsed("DRAINED");
        List<Object> fields = new ArrayList<>();
        for (GroupDetails group : groups) {
            table.row(
                    group.getGroup().getCluster(),
                    group.getGroup().getBrokerName(),
                    group.getMaster() == 0 ? "-" : group.getMaster(),
                    group.getMasterEpoch(),
                    setOf(group),
                    group.getSyncStateSetEpoch(),
                    alive(group) + "/" + group.getReplicasCount(),
                    stateOf(group).cell(),
                    drained(group));
            fields.add(fields(group));
        }
        return new Report("Groups").field("groups", fields).table(table);
    }

    private static String drained(GroupDetails group) {
        String ids = group.getReplicasList().stream()
                .filter(ReplicaDetails::getDrained)
                .map(replica -> Long.toString(replica.getBrokerId()))
                .collect(Collectors.joining(","));
        return ids.isEmpty() ? Table.NOTHING : ids;
    }

    private static long alive(GroupDetails group) {
        return group.getReplicasList().stream().filter(ReplicaDetails::getAlive).count();
    }

    private static String setOf(GroupDetails group) {
        return group.getSyncStateSetList().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    static Report describe(GroupDetails group) {
        State state = stateOf(group);
        Report report = new Report("Group").field("group", fields(group));
        report.line(Groups.name(group.getGroup()) + " is " + state.text(), state.tone);
        report.line("master " + (group.getMaster() == 0 ? "none" : group.getMaster()) + " under masterEpoch "
                + group.getMasterEpoch() + "; SyncStateSet " + setOf(group) + " at epoch "
                + group.getSyncStateSetEpoch());
        if (group.getLeaseGivenBack()) {
            report.line("the master has given its lease back: it takes no writes any more under this epoch");
        } else if (group.getLeaseLeftMs() > 0) {
            report.line("the master's lease keeps others from being elected for " + group.getLeaseLeftMs()
                    + " ms, unless it is renewed");
        }
        if (!group.getTrouble().isEmpty()) {
            report.line(group.getTrouble(), Tone.BAD);
        }
        return report.table(replicas(group));
    }

    private static Table replicas(GroupDetails group) {
        Table table = new Table(
                        "ID",
                        "ADDRESS",
                        "ZONE",
                        "PRIORITY",
                        "ROLE",
                        "IN SYNC",
                        "ALIVE",
                        "HEARTBEAT",
                        "THROUGH",
                        "EPOCH",
                        "OFFSET",
                        "LAG",
                        "ELECTABLE")
                .showIfUsed("ZONE")
                .showIfUsed("PRIORITY");
        boolean preferring = priorities(group) > 1;
        for (ReplicaDetails replica : group.getReplicasList()) {
            table.row(
                    replica.getBrokerId(),
                    replica.getAddress(),
                    replica.getZone().isEmpty() ? Table.NOTHING : replica.getZone(),
                    priority(replica, preferring),
                    roleOf(group, replica)
                            + (replica.getAgent() ? ", agent" : "")
                            + (replica.getDrained() ? ", drained" : ""),
                    yesOrNo(group.getSyncStateSetList().contains(replica.getBrokerId())),
                    replica.getAlive() ? Cell.of("yes", Tone.GOOD) : Cell.of("no", Tone.BAD),
                    heartbeat(replica),
                    replica.getHeardThroughCount() == 0 ? "-" : String.join(",", replica.getHeardThroughList()),
                    replica.getLastEpoch() < 0 ? "-" : replica.getLastEpoch(),
                    replica.getMaxOffset() < 0 ? "-" : replica.getMaxOffset(),
                    lag(group, replica),
                    replica.getNotElectable().isEmpty() ? "yes" : replica.getNotElectable());
        }
        return table;
    }

    /** How many different ones there are. */
    private static long priorities(GroupDetails group) {
        return group.getReplicasList().stream()
                .filter(replica -> replica.getSilentMs() >= 0)
                .map(ReplicaDetails::getPriority)
                .distinct()
                .count();
    }

    private static Cell priority(ReplicaDetails replica, boolean preferring) {
        if (replica.getSilentMs() < 0) {
            return Cell.of(Table.NOTHING);
        }
        String plain = Integer.toString(replica.getPriority());
        String shown = replica.getPriority() == Integer.MAX_VALUE ? "none" : plain;
        return new Cell(preferring ? shown : Table.NOTHING, plain, Tone.NONE);
    }

    private static Cell heartbeat(ReplicaDetails replica) {
        return replica.getSilentMs() < 0
                ? Cell.of("none yet")
                : new Cell(
                        Cell.duration(replica.getSilentMs()).shown() + " ago",
                        Long.toString(replica.getSilentMs()),
                        Tone.NONE);
    }

    private static String roleOf(GroupDetails group, ReplicaDetails replica) {
        if (replica.getRole() != AgentRole.AGENT_ROLE_UNSPECIFIED) {
            return replica.getRole().name().toLowerCase(Locale.ROOT);
        }
        return replica.getBrokerId() == group.getMaster() ? "master" : "slave";
    }

    private static String yesOrNo(boolean truth) {
        return truth ? "yes" : "no";
    }

    /** As the master's agent says; without one, by what both have reported. */
    private static Cell lag(GroupDetails group, ReplicaDetails replica) {
        if (replica.getBrokerId() == group.getMaster()) {
            return Cell.of("-");
        } else if (replica.getLagKnown()) {
            String shown = Cell.bytes(replica.getLagBytes()).shown() + ", "
                    + Cell.duration(replica.getLagMs()).shown();
            return new Cell(
                    replica.getConnectedToMaster() ? shown : shown + ", not connected",
                    Long.toString(replica.getLagBytes()),
                    replica.getConnectedToMaster() ? Tone.NONE : Tone.BAD);
        }
        return reportedLag(group, replica)
                .map(bytes -> new Cell("about " + Cell.bytes(bytes).shown(), Long.toString(bytes), Tone.NONE))
                .orElse(Cell.of("-"));
    }

    private static Optional<Long> reportedLag(GroupDetails group, ReplicaDetails replica) {
        return masterOf(group)
                .filter(master -> master.getMaxOffset() >= 0 && replica.getMaxOffset() >= 0)
                .map(master -> Math.max(0, master.getMaxOffset() - replica.getMaxOffset()));
    }

    private static Object fields(GroupDetails group) {
        List<Object> replicas = new ArrayList<>();
        group.getReplicasList().forEach(replica -> replicas.add(fields(group, replica)));
        return Report.object(
                "cluster",
                group.getGroup().getCluster(),
                "group",
                group.getGroup().getBrokerName(),
                "state",
                stateOf(group).name().toLowerCase(Locale.ROOT),
                "master",
                group.getMaster() == 0 ? null : group.getMaster(),
                "masterEpoch",
                group.getMasterEpoch(),
                "syncStateSet",
                group.getSyncStateSetList(),
                "syncStateSetEpoch",
                group.getSyncStateSetEpoch(),
                "everElected",
                group.getEverElected(),
                "leaseLeftMs",
                group.getLeaseLeftMs(),
                "leaseGivenBack",
                group.getLeaseGivenBack(),
                "trouble",
                group.getTrouble().isEmpty() ? null : group.getTrouble(),
                "replicas",
                replicas);
    }

    private static Object fields(GroupDetails group, ReplicaDetails replica) {
        return Report.object(
                "id",
                replica.getBrokerId(),
                "address",
                replica.getAddress(),
                "haAddress",
                replica.getHaAddress().isEmpty() ? null : replica.getHaAddress(),
                "agent",
                replica.getAgent(),
                "role",
                roleOf(group, replica),
                "drained",
                replica.getDrained(),
                "zone",
                replica.getZone().isEmpty() ? null : replica.getZone(),
                "inSync",
                group.getSyncStateSetList().contains(replica.getBrokerId()),
                "alive",
                replica.getAlive(),
                "heartbeatAgeMs",
                replica.getSilentMs() < 0 ? null : replica.getSilentMs(),
                "heardThrough",
                replica.getHeardThroughList(),
                "timeoutMs",
                replica.getTimeoutMs(),
                "lastEpoch",
                replica.getLastEpoch(),
                "maxOffset",
                replica.getMaxOffset(),
                "confirmOffset",
                replica.getConfirmOffset(),
                "priority",
                replica.getPriority(),
                "leaseRemainingMs",
                replica.getAgent() ? replica.getLeaseRemainingMs() : null,
                "fencings",
                replica.getAgent() ? replica.getFencings() : null,
                "lagBytes",
                replica.getLagKnown()
                        ? (Object) replica.getLagBytes()
                        : reportedLag(group, replica).orElse(null),
                "lagMs",
                replica.getLagKnown() ? replica.getLagMs() : null,
                "connectedToMaster",
                replica.getLagKnown() ? replica.getConnectedToMaster() : null,
                "notElectable",
                replica.getNotElectable().isEmpty() ? null : replica.getNotElectable());
    }
}
