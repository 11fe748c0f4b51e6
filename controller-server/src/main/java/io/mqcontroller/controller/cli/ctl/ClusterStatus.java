package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.NodeStatusRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All controllers as each says of itself.
 *
 * @param nodes in the order of their endpoints
 */
record ClusterStatus(List<Node> nodes) {
    ClusterStatus {
        nodes = List.copyOf(nodes);
    }

    /** What exit codes of {@code mqctl health} tell apart, in their order. */
    enum Health {
        OK,
        DEGRADED,
        DOWN
    }

    /**
     * @param said empty if it did not answer
     * @param failure why not, or empty
     */
    record Node(Endpoint endpoint, Optional<NodeStatusReply> said, String failure) {
        boolean leads() {
            return said.map(s -> s.getRole() == NodeRole.LEADER && s.getReady()).orElse(false);
        }

        boolean isSound() {
            return said.map(s -> s.getFailedChecksCount() == 0).orElse(false);
        }

        boolean votes() {
            return said.map(s -> s.getOwnPart() == MemberPart.VOTER || s.getOwnPart() == MemberPart.LEAVING_VOTER)
                    .orElse(false);
        }

        String name() {
            return said.map(NodeStatusReply::getNodeId).orElse(endpoint.toString());
        }
    }

    static ClusterStatus ask(Controllers controllers) throws CallException {
        List<Node> nodes = new ArrayList<>();
        for (Answer answer : controllers.askEach(controllers.discover(), ClusterStatus::request)) {
            nodes.add(nodeOf(answer));
        }
        return new ClusterStatus(withoutTwins(nodes));
    }

    /** One controller may be reached under several addresses. */
    private static List<Node> withoutTwins(List<Node> nodes) {
        List<Node> different = new ArrayList<>();
        for (Node node : nodes) {
            boolean seen = node.said().isPresent()
                    && different.stream()
                            .anyMatch(other ->
                                    other.said().isPresent() && other.name().equals(node.name()));
            if (!seen) {
                different.add(node);
            }
        }
        return different;
    }

    private static ClientFrame.Builder request() {
        return ClientFrame.newBuilder()
                .setOperator(OperatorRequest.newBuilder().setNodeStatus(NodeStatusRequest.getDefaultInstance()));
    }

    private static Node nodeOf(Answer answer) {
        if (!answer.isThere()) {
            return new Node(answer.endpoint(), Optional.empty(), answer.failure());
        } else if (answer.frame().getStatus().getCode() != StatusCode.OK) {
            return new Node(
                    answer.endpoint(),
                    Optional.empty(),
                    answer.frame().getStatus().getMessage());
        }
        return new Node(
                answer.endpoint(), Optional.of(answer.frame().getOperator().getNodeStatus()), "");
    }

    Optional<NodeStatusReply> leader() {
        return nodes.stream().filter(Node::leads).findFirst().flatMap(Node::said);
    }

    /** The newest entry that is known to be committed. */
    long commitIndex() {
        return nodes.stream()
                .flatMap(node -> node.said().stream())
                .mapToLong(NodeStatusReply::getCommitIndex)
                .max()
                .orElse(0);
    }

    Health health() {
        if (leader().isEmpty()) {
            return Health.DOWN;
        }
        return nodes.stream().allMatch(Node::isSound) ? Health.OK : Health.DEGRADED;
    }

    /** What is wrong; empty if nothing is. */
    List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (leader().isEmpty()) {
            reasons.add("no controller that answers leads: nothing is decided; brokers go on as they are");
        }
        for (Node node : nodes) {
            if (node.said().isEmpty()) {
                reasons.add(node.endpoint() + " does not answer: " + node.failure());
            } else {
                node.said()
                        .get()
                        .getFailedChecksList()
                        .forEach(
                                check -> reasons.add(node.name() + ": " + check.getName() + ": " + check.getMessage()));
            }
        }
        return reasons;
    }
}
