package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.MembersReply;
import java.util.List;
import java.util.stream.Stream;

/** Who would vote after a change of the members; that they have caught up is looked at by the leader only, when it is made. */
final class MembersForecast {
    private final MembersReply members;

    MembersForecast(MembersReply members) {
        this.members = members;
    }

    Report removing(String id) throws CallException {
        boolean known = members.getMembersList().stream()
                .anyMatch(member -> member.getNodeId().equals(id));
        if (!known) {
            throw new CallException(ExitCode.PRECONDITION, id + " is no member; \"mqctl node list\" shows all");
        }
        return report(id, voters().filter(voter -> !voter.equals(id)).toList());
    }

    Report replacing(String voter, String learner) throws CallException {
        if (voters().noneMatch(voter::equals)) {
            throw new CallException(ExitCode.PRECONDITION, voter + " does not vote; \"mqctl node list\" shows all");
        }
        boolean learns = members.getMembersList().stream()
                .anyMatch(member -> member.getNodeId().equals(learner) && member.getPart() == MemberPart.LEARNER);
        if (!learns) {
            throw new CallException(ExitCode.PRECONDITION, learner + " is no learner; \"mqctl node add\" makes it one");
        }
        return report(voter, voters().map(id -> id.equals(voter) ? learner : id).toList());
    }

    private Stream<String> voters() {
        return members.getMembersList().stream()
                .filter(member -> member.getPart() == MemberPart.VOTER)
                .map(Member::getNodeId);
    }

    private static Report report(String removed, List<String> voters) throws CallException {
        if (voters.isEmpty()) {
            throw new CallException(ExitCode.PRECONDITION, "nobody would vote any more");
        }
        int needed = voters.size() / 2 + 1;
        return new Report("NodeChangeForeseen")
                .field("possible", true)
                .field("removed", removed)
                .field("voters", voters)
                .field("needed", needed)
                .line("possible: " + String.join(", ", voters) + " would vote, " + needed + " of " + voters.size()
                        + " would have to be up; " + removed + " could never come back under this id");
    }
}
