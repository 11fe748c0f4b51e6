package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.ClusterStatus.Node;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.FailedCheck;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** All controllers in one table. */
@Command(
        name = "status",
        description = "Shows all controllers: who leads, how far each one is, and what is wrong with it.")
final class StatusCommand implements Callable<Integer> {
    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CallException {
        ClusterStatus cluster = ClusterStatus.ask(session.controllers());
        session.print(report(cluster));
        boolean anybody = cluster.nodes().stream().anyMatch(node -> node.said().isPresent());
        return (anybody ? ExitCode.OK : ExitCode.UNAVAILABLE).number();
    }

    static Report report(ClusterStatus cluster) {
        Table table =
                new Table("ID", "ADDRESS", "VERSION", "ROLE", "TERM", "APPLIED", "LAG", "STORE", "UPTIME", "HEALTH");
        List<Object> nodes = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            if (node.said().isPresent()) {
                long lag = Math.max(0, cluster.commitIndex() - node.said().get().getAppliedIndex());
                add(table, node.endpoint().toString(), node.said().get(), lag);
                nodes.add(fields(node.endpoint().toString(), node.said().get(), lag));
            } else {
                table.row(
                        "-",
                        node.endpoint(),
                        "-",
                        "-",
                        "-",
                        "-",
                        "-",
                        "-",
                        "-",
                        Cell.of("no answer: " + node.failure(), Tone.BAD));
                nodes.add(Report.object(
                        "address", node.endpoint().toString(), "answers", false, "error", node.failure()));
            }
        }
        Report report = new Report("Status")
                .field(
                        "cluster",
                        cluster.nodes().stream()
                                .flatMap(node -> node.said().stream())
                                .map(NodeStatusReply::getControllerCluster)
                                .findFirst()
                                .orElse(null))
                .field(
                        "leader",
                        cluster.leader().map(NodeStatusReply::getNodeId).orElse(null))
                .field("health", cluster.health().name().toLowerCase(Locale.ROOT))
                .field("controllers", nodes)
                .table(table);
        if (cluster.leader().isEmpty()) {
            report.line("Nobody leads: nothing is decided until a majority of the controllers is up.", Tone.BAD);
        }
        return report;
    }

    private static void add(Table table, String address, NodeStatusReply node, long lag) {
        boolean sound = node.getFailedChecksCount() == 0;
        String role = roleOf(node);
        table.row(
                node.getNodeId(),
                address,
                node.getSoftwareVersion(),
                Cell.of(role, "leader".equals(role) ? Tone.STRONG : Tone.NONE),
                node.getTerm(),
                node.getAppliedIndex(),
                lag,
                Cell.bytes(node.getStoreBytes()),
                Cell.duration(node.getUptimeMs()),
                sound ? Cell.of("ok", Tone.GOOD) : Cell.of(failures(node), Tone.BAD));
    }

    private static String failures(NodeStatusReply node) {
        return node.getFailedChecksList().stream()
                .map(check -> check.getName() + ": " + check.getMessage())
                .collect(Collectors.joining("; "));
    }

    /** Leader and follower among those who vote; else what it is instead. */
    private static String roleOf(NodeStatusReply node) {
        if (node.getOwnPart() != MemberPart.VOTER) {
            return node.getOwnPart().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        } else if (node.getRole() == NodeRole.LEADER && !node.getReady()) {
            return "new leader";
        }
        return node.getRole().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Object fields(String address, NodeStatusReply node, long lag) {
        List<Object> failed = new ArrayList<>();
        for (FailedCheck check : node.getFailedChecksList()) {
            failed.add(Report.object("check", check.getName(), "message", check.getMessage()));
        }
        return Report.object(
                "id",
                node.getNodeId(),
                "address",
                address,
                "answers",
                true,
                "version",
                node.getSoftwareVersion(),
                "part",
                node.getOwnPart().name().toLowerCase(Locale.ROOT),
                "role",
                node.getRole().name().toLowerCase(Locale.ROOT),
                "ready",
                node.getRole() == NodeRole.LEADER ? node.getReady() : null,
                "term",
                node.getTerm(),
                "leader",
                node.getLeader().isEmpty() ? null : node.getLeader(),
                "commitIndex",
                node.getCommitIndex(),
                "appliedIndex",
                node.getAppliedIndex(),
                "lagEntries",
                lag,
                "lastIndex",
                node.getLastIndex(),
                "durableIndex",
                node.getDurableIndex(),
                "snapshotIndex",
                node.getSnapshotIndex(),
                "storeBytes",
                node.getStoreBytes(),
                "diskFreeBytes",
                node.getDiskFreeBytes(),
                "uptimeMs",
                node.getUptimeMs(),
                "healthy",
                failed.isEmpty(),
                "failedChecks",
                failed);
    }
}
