package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.GroupsRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Groups as the leader knows them. */
final class Groups {
    private Groups() {}

    /** All groups, a page at a time. */
    static List<GroupDetails> all(Controllers controllers, String cluster) throws CallException {
        return ask(controllers, GroupsRequest.newBuilder().setCluster(cluster));
    }

    /**
     * The one that is meant by its name, or by cluster and name with a slash between.
     *
     * @throws CallException if there is none, or if it could be several
     */
    static GroupDetails named(Controllers controllers, String name) throws CallException {
        int slash = name.indexOf('/');
        List<GroupDetails> found = ask(
                controllers,
                GroupsRequest.newBuilder()
                        .setCluster(name.substring(0, Math.max(slash, 0)))
                        .setBrokerName(name.substring(slash + 1)));
        if (found.isEmpty()) {
            throw new CallException(
                    ExitCode.PRECONDITION, "no group is called " + name + "; \"mqctl group list\" shows all");
        } else if (found.size() > 1) {
            throw new CallException(
                    ExitCode.USAGE,
                    name + " is a group of several clusters; say which: "
                            + found.stream()
                                    .map(group -> name(group.getGroup()))
                                    .collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    static String name(GroupName group) {
        return group.getCluster() + "/" + group.getBrokerName();
    }

    private static List<GroupDetails> ask(Controllers controllers, GroupsRequest.Builder request) throws CallException {
        List<GroupDetails> all = new ArrayList<>();
        while (true) {
            GroupsReply page = controllers
                    .askLeader(false, () -> ClientFrame.newBuilder()
                            .setOperator(OperatorRequest.newBuilder().setGroups(request)))
                    .getOperator()
                    .getGroups();
            all.addAll(page.getGroupsList());
            if (!page.getMore()) {
                return all;
            }
            request.setAfter(all.get(all.size() - 1).getGroup());
        }
    }
}
