package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.NodeDrainRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mqctl node drain} and {@code mqctl node undrain}. */
final class NodeDrainCommand {
    private NodeDrainCommand() {}

    /** Asks the controller itself; whether it leads still. */
    private static boolean ask(Controllers controllers, String id, boolean drained) throws CallException {
        for (Member member : NodeCommand.Change.members(controllers).getMembersList()) {
            if (member.getNodeId().equals(id)) {
                Endpoint endpoint = Endpoint.parse(member.getAdvertisedAddress());
                Answer answer = controllers
                        .askEach(List.of(endpoint), () -> ClientFrame.newBuilder()
                                .setOperator(OperatorRequest.newBuilder()
                                        .setNodeDrain(
                                                NodeDrainRequest.newBuilder().setDrained(drained))))
                        .get(0);
                if (!answer.isThere()) {
                    throw new CallException(ExitCode.UNAVAILABLE, id + " does not answer: " + answer.failure());
                }
                return Controllers.checked(answer.frame(), endpoint)
                        .getOperator()
                        .getNodeDrain()
                        .getLeads();
            }
        }
        throw new CallException(ExitCode.PRECONDITION, id + " is no member; \"mqctl node list\" shows all");
    }

    @Command(
            name = "drain",
            description = {
                "Before a controller is stopped: it hands leadership on, and /readyz says that it is not ready.",
                "It votes as before. The end of its process, or undrain, ends that."
            })
    static final class Begin implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The controller.")
        private String id;

        Begin(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            boolean leads = ask(session.controllers(), id, true);
            session.print(new Report("NodeDrain")
                    .field("id", id)
                    .field("leads", leads)
                    .line(leads ? "drained: " + id + " leads still, for nobody took over" : "drained: " + id));
            return (leads ? ExitCode.FAILED : ExitCode.OK).number();
        }
    }

    @Command(name = "undrain", description = "Ends a drain of a controller.")
    static final class End implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The controller.")
        private String id;

        End(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            boolean leads = ask(session.controllers(), id, false);
            session.print(new Report("NodeUndrain")
                    .field("id", id)
                    .field("leads", leads)
                    .line("undrained: " + id));
            return ExitCode.OK.number();
        }
    }
}
