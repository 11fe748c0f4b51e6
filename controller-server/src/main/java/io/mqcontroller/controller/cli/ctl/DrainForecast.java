package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.ReplicaDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a drain would do as things are now. */
final class DrainForecast {
    private final Predicate<ReplicaDetails> meant;
    private final Report report = new Report("DrainForeseen");
    private final List<Object> replicas = new ArrayList<>();
    private boolean possible = true;

    /** @param meant who would be drained */
    DrainForecast(List<GroupDetails> groups, Predicate<ReplicaDetails> meant) {
        this.meant = meant;
        for (GroupDetails group : groups) {
            group.getReplicasList().stream().filter(meant).forEach(replica -> add(group, replica));
        }
        report.field("possible", possible).field("replicas", replicas);
    }

    /** Whether all masters among them could hand over now. */
    boolean isPossible() {
        return possible;
    }

    Report report() {
        return report;
    }

    private void add(GroupDetails group, ReplicaDetails replica) {
        String name = "broker " + replica.getBrokerId() + " of " + Groups.name(group.getGroup());
        boolean master = replica.getBrokerId() == group.getMaster();
        List<Long> heirs = GroupReports.heirs(group).stream()
                .filter(meant.negate())
                .map(ReplicaDetails::getBrokerId)
                .toList();
        possible &= !master || replica.getAgent() && !heirs.isEmpty();
        report.line("would be drained: " + name + (master ? effect(replica, heirs) : ""));
        replicas.add(Report.object("replica", name, "master", master, "couldTakeOver", heirs));
    }

    private static String effect(ReplicaDetails master, List<Long> heirs) {
        if (!master.getAgent()) {
            return "; it is master, and has no agent that could hand over";
        }
        return heirs.isEmpty()
                ? "; it is master, and nobody could take over now"
                : "; it is master, and could hand over to " + heirs;
    }
}
