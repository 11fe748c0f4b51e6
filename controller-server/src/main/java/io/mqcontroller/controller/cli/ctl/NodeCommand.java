package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.AddLearner;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembersRequest;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.PromoteLearner;
import io.mqcontroller.proto.controller.RemoveMember;
import io.mqcontroller.proto.controller.ReplaceVoter;
import io.mqcontroller.proto.controller.TransferLeadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The controllers themselves: who belongs to them. */
@Command(
        name = "node",
        description = "Shows who the controllers are, and changes that, one at a time, while they serve.")
final class NodeCommand extends Noun {
    private NodeCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new NodeCommand())
                .addSubcommand(new ListAll(session))
                .addSubcommand(new Add(session))
                .addSubcommand(new Promote(session))
                .addSubcommand(new Remove(session))
                .addSubcommand(new Replace(session))
                .addSubcommand(new Transfer(session))
                .addSubcommand(new NodeDrainCommand.Begin(session))
                .addSubcommand(new NodeDrainCommand.End(session));
    }

    @Command(name = "list", description = "Shows the members by the configuration in force, and how far each one is.")
    static final class ListAll implements Callable<Integer> {
        private final Session session;

        ListAll(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws CallException {
            session.print(report("Nodes", Change.members(session.controllers())));
            return ExitCode.OK.number();
        }
    }

    /** The members as they are. */
    static Report report(String kind, MembersReply members) {
        Table table = new Table("ID", "PART", "LEADER", "LAG", "ADDRESS", "FOR BROKERS");
        List<Object> fields = new ArrayList<>();
        for (Member member : members.getMembersList()) {
            String part = member.getPart().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            Object lag = member.getLagKnown() ? (Object) member.getLagEntries() : null;
            table.row(
                    member.getNodeId(),
                    part,
                    member.getLeader() ? "*" : "-",
                    lag == null ? "-" : lag,
                    member.getAddress(),
                    member.getAdvertisedAddress());
            fields.add(Report.object(
                    "id",
                    member.getNodeId(),
                    "part",
                    member.getPart().name().toLowerCase(Locale.ROOT),
                    "leader",
                    member.getLeader(),
                    "lagEntries",
                    lag,
                    "address",
                    member.getAddress(),
                    "advertisedAddress",
                    member.getAdvertisedAddress()));
        }
        Report report = new Report(kind)
                .field("term", members.getTerm())
                .field("configurationIndex", members.getConfigurationIndex())
                .field("committed", members.getCommitted())
                .field("members", fields)
                .field("removed", members.getRemovedList())
                .table(table);
        return members.getCommitted() ? report : report.line("A change of the members is under way.");
    }

    /** A change of the members, asked for once, or until it is possible. */
    abstract static class Change implements Callable<Integer> {
        /** Refusals that pass by themselves. */
        private static final List<String> PASSING =
                List.of("NOT_CAUGHT_UP:", "CHANGE_UNDER_WAY:", "NOT_READY:", "TRANSFERRING:");

        private static final String MADE_OR_NOT =
                "a change is made whole or not at all; \"mqctl node list\" shows what is in force";

        private final Session session;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                arity = "0..1",
                fallbackValue = "5m",
                converter = Session.TimeConverter.class,
                description = "Wait until it is possible and done, so long at most. Without TIME: 5m.")
        private Duration atMost = Duration.ZERO;

        Change(Session session) {
            this.session = session;
        }

        static MembersReply members(Controllers controllers) throws CallException {
            return controllers
                    .askLeaderOf(() -> ClientFrame.newBuilder().setMembers(MembersRequest.getDefaultInstance()))
                    .getMembers();
        }

        boolean waits() {
            return !atMost.isZero();
        }

        Session session() {
            return session;
        }

        void await(Waiting.Step step, String otherwise) throws CallException {
            session.waiting().until(Waiting.patiently(step), atMost, otherwise);
        }

        /** Asks for the change; with {@code --wait} again while what is in the way passes. */
        MembersReply request(Controllers controllers, MembershipRequest.Builder change) throws CallException {
            MembersReply[] done = new MembersReply[1];
            Waiting.Step attempt = () -> {
                try {
                    done[0] = controllers
                            .askLeader(true, () -> ClientFrame.newBuilder().setMembership(change))
                            .getMembers();
                    return Optional.empty();
                } catch (CallException refused) {
                    if (!waits() || PASSING.stream().noneMatch(refused.getMessage()::startsWith)) {
                        throw refused;
                    }
                    return Optional.of(refused.getMessage());
                }
            };
            session.waiting().until(waits() ? Waiting.patiently(attempt) : attempt, atMost, MADE_OR_NOT);
            if (waits() && !done[0].getCommitted()) {
                await(
                        () -> {
                            done[0] = members(controllers);
                            return done[0].getCommitted() ? Optional.empty() : Optional.of("it is not committed yet");
                        },
                        MADE_OR_NOT);
            }
            return done[0];
        }

        int show(MembersReply members) {
            session.print(report("NodeChange", members));
            return ExitCode.OK.number();
        }

        int foresee(Report forecast) {
            session.print(forecast);
            return ExitCode.OK.number();
        }

        /** @throws CallException unless the user has said that it is meant */
        static void assertMeant(boolean yes, String what) throws CallException {
            if (!yes) {
                throw new CallException(ExitCode.USAGE, what + ": give --yes if that is meant, or --dry-run");
            }
        }
    }

    @Command(
            name = "add",
            description = {
                "Adds a controller that runs already, with controllerInitialClusterState=existing and an empty store.",
                "It gets the log and does not vote until it is promoted. With --wait: until it has the log."
            })
    static final class Add extends Change {
        /** So near to the end of the log is near enough to be promoted. */
        private static final long SMALL_LAG = 100;

        @Parameters(paramLabel = "ID", description = "Its controllerDLegerSelfId; never used in this cluster before.")
        private String id;

        @Option(
                names = "--address",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Where the others reach it.")
        private String address;

        @Option(
                names = "--advertised",
                paramLabel = "HOST:PORT",
                description = "Where brokers reach it, if that is somewhere else.")
        private String advertised = "";

        Add(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session().controllers();
            MembersReply members = request(
                    controllers,
                    MembershipRequest.newBuilder()
                            .setAddLearner(AddLearner.newBuilder()
                                    .setNodeId(id)
                                    .setAddress(address)
                                    .setAdvertisedAddress(advertised)));
            if (waits()) {
                await(
                        () -> lagOf(members(controllers)),
                        id + " is added, and goes on getting the log; \"mqctl node list\" shows how far it is");
                return show(members(controllers));
            }
            return show(members);
        }

        private Optional<String> lagOf(MembersReply members) throws CallException {
            for (Member member : members.getMembersList()) {
                if (member.getNodeId().equals(id)) {
                    boolean near =
                            member.getLagKnown() && member.getMatchIndex() > 0 && member.getLagEntries() <= SMALL_LAG;
                    return near
                            ? Optional.empty()
                            : Optional.of(id + " lacks " + member.getLagEntries() + " entries of the log");
                }
            }
            throw new CallException(ExitCode.FAILED, id + " was removed meanwhile");
        }
    }

    @Command(name = "promote", description = "Lets a learner vote. With --wait: as soon as it has caught up.")
    static final class Promote extends Change {
        @Parameters(paramLabel = "ID", description = "The learner.")
        private String id;

        Promote(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            return show(request(
                    session().controllers(),
                    MembershipRequest.newBuilder()
                            .setPromote(PromoteLearner.newBuilder().setNodeId(id))));
        }
    }

    @Command(
            name = "remove",
            description = {
                "Takes a controller out for good; its id can't be used again.",
                "The leader can be removed, too: another one leads afterwards."
            })
    static final class Remove extends Change {
        @Parameters(paramLabel = "ID", description = "The controller.")
        private String id;

        @Option(names = "--yes", description = "Do it; without this nothing is changed.")
        private boolean yes;

        @Option(names = "--dry-run", description = "Only say who would vote afterwards.")
        private boolean dryRun;

        Remove(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session().controllers();
            if (dryRun) {
                return foresee(new MembersForecast(members(controllers)).removing(id));
            }
            assertMeant(yes, id + " would be removed for good");
            return show(request(
                    controllers,
                    MembershipRequest.newBuilder()
                            .setRemove(RemoveMember.newBuilder().setNodeId(id))));
        }
    }

    @Command(
            name = "replace",
            description =
                    "A learner takes the place of a voter, in one step. With --wait: as soon as it has caught up.")
    static final class Replace extends Change {
        @Parameters(index = "0", paramLabel = "OLD", description = "The voter that goes, for good.")
        private String voter;

        @Parameters(index = "1", paramLabel = "NEW", description = "The learner that votes instead.")
        private String learner;

        @Option(names = "--yes", description = "Do it; without this nothing is changed.")
        private boolean yes;

        @Option(names = "--dry-run", description = "Only say who would vote afterwards.")
        private boolean dryRun;

        Replace(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session().controllers();
            if (dryRun) {
                return foresee(new MembersForecast(members(controllers)).replacing(voter, learner));
            }
            assertMeant(yes, voter + " would be removed for good, and " + learner + " vote instead");
            return show(request(
                    controllers,
                    MembershipRequest.newBuilder()
                            .setReplace(
                                    ReplaceVoter.newBuilder().setVoter(voter).setLearner(learner))));
        }
    }

    @Command(name = "transfer", description = "Has another controller lead; brokers notice nothing.")
    static final class Transfer extends Change {
        @Parameters(
                paramLabel = "ID",
                arity = "0..1",
                description = "Who. Without it: the one that has most of the log.")
        private String id = "";

        Transfer(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws CallException {
            Controllers controllers = session().controllers();
            request(
                    controllers,
                    MembershipRequest.newBuilder()
                            .setTransfer(TransferLeadership.newBuilder().setNodeId(id)));
            return show(members(controllers));
        }
    }
}
