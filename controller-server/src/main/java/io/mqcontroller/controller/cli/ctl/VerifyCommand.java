package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.ClusterStatus.Node;
import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StateHashReply;
import io.mqcontroller.proto.controller.StateHashRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** Whether all controllers hold the same. */
@Command(
        name = "verify",
        description = {
            "Compares a hash over the replicated state of all controllers, each as it was after the same entry of the log.",
            "Exit code 0: they are the same. 1: they are not. 3: some could not be compared."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MS = 100;

    private final Session session;

    VerifyCommand(Session session) {
        this.session = session;
    }

    /** What one controller says; empty if it does not, or has forgotten. */
    private record Said(Node node, Optional<StateHashReply> hash) {
        /** Those that are alike in this must be alike in all. */
        String position() {
            return hash.map(h -> h.getDecidedTerm() + "/" + h.getSequence()).orElse("-");
        }

        String digits() {
            return hash.map(h -> HexFormat.of().formatHex(h.getHash().toByteArray()))
                    .orElse("-");
        }
    }

    @Override
    public Integer call() throws CallException {
        Controllers controllers = session.controllers();
        List<Said> said = ask(controllers);
        // One that is busy may be an entry behind where the others were asked for.
        for (int i = 1; i < ATTEMPTS && !isComparable(said); i++) {
            pause();
            said = ask(controllers);
        }
        boolean comparable = isComparable(said);
        boolean same = said.stream()
                        .filter(s -> s.hash().isPresent())
                        .map(Said::digits)
                        .distinct()
                        .count()
                == 1;
        boolean complete = comparable && said.stream().allMatch(s -> s.hash().isPresent());
        session.print(report(said, comparable, same));
        if (comparable && !same) {
            return ExitCode.FAILED.number();
        }
        return (complete ? ExitCode.OK : ExitCode.UNAVAILABLE).number();
    }

    private static List<Said> ask(Controllers controllers) throws CallException {
        List<Node> nodes = ClusterStatus.ask(controllers).nodes();
        List<Node> there =
                nodes.stream().filter(node -> node.said().isPresent()).toList();
        long index = there.stream()
                .flatMap(node -> node.said().stream())
                .mapToLong(NodeStatusReply::getAppliedIndex)
                .min()
                .orElse(0);
        List<Endpoint> endpoints = there.stream().map(Node::endpoint).toList();
        List<Answer> answers = controllers.askEach(endpoints, () -> ClientFrame.newBuilder()
                .setOperator(OperatorRequest.newBuilder()
                        .setStateHash(StateHashRequest.newBuilder().setIndex(index))));
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < there.size(); i++) {
            said.add(new Said(there.get(i), hashOf(answers.get(i))));
        }
        nodes.stream()
                .filter(node -> node.said().isEmpty())
                .forEach(node -> said.add(new Said(node, Optional.empty())));
        return said;
    }

    private static Optional<StateHashReply> hashOf(Answer answer) {
        return answer.isThere() && answer.frame().getStatus().getCode() == StatusCode.OK
                ? Optional.of(answer.frame().getOperator().getStateHash()).filter(StateHashReply::getKnown)
                : Optional.empty();
    }

    /** All that tell a hash tell it of the same moment, and there are two at least, or there is no other one. */
    private static boolean isComparable(List<Said> said) {
        List<String> positions = said.stream()
                .filter(s -> s.hash().isPresent())
                .map(Said::position)
                .toList();
        return positions.stream().distinct().count() == 1 && (positions.size() > 1 || said.size() == 1);
    }

    private static Report report(List<Said> said, boolean comparable, boolean same) {
        Table table = new Table("ID", "ADDRESS", "AFTER", "GROUPS", "HASH");
        List<Object> fields = new ArrayList<>();
        for (Said one : said) {
            table.row(
                    one.node().said().map(NodeStatusReply::getNodeId).orElse("-"),
                    one.node().endpoint(),
                    one.position(),
                    one.hash().map(h -> Long.toString(h.getGroups())).orElse("-"),
                    one.hash().isPresent()
                            ? new Cell(one.digits().substring(0, 16), one.digits(), same ? Tone.NONE : Tone.BAD)
                            : Cell.of("not known", Tone.WARNING));
            fields.add(Report.object(
                    "id",
                    one.node().said().map(NodeStatusReply::getNodeId).orElse(null),
                    "address",
                    one.node().endpoint().toString(),
                    "after",
                    one.hash().isPresent() ? one.position() : null,
                    "hash",
                    one.hash().isPresent() ? one.digits() : null));
        }
        Report report = new Report("Verification")
                .field("comparable", comparable)
                .field("same", comparable ? same : null)
                .field("controllers", fields)
                .table(table);
        if (!comparable) {
            return report.line(
                    "They could not be compared: too few tell their state after the same entry.", Tone.WARNING);
        }
        return same
                ? report.line("All that could be compared hold the same.", Tone.GOOD)
                : report.line("They hold different states: keep their stores, and report this as a bug.", Tone.BAD);
    }

    private static void pause() throws CallException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallException(ExitCode.FAILED, "interrupted; nothing was changed");
        }
    }
}
