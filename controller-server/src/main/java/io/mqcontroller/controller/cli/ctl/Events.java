package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Controllers.Answer;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventsRequest;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The history of all controllers as one: each of them saw it, and each knows something that others don't. */
final class Events {
    private static final Comparator<Event> ORDER = Comparator.comparingLong(Event::getIndex)
            .thenComparingInt(Event::getOrdinal)
            .thenComparingLong(Event::getTerm);

    private Events() {}

    /** @param group a name, or cluster and name with a slash between; empty: everything */
    static EventsRequest of(String group, int limit) {
        int slash = group.indexOf('/');
        return EventsRequest.newBuilder()
                .setCluster(group.substring(0, Math.max(slash, 0)))
                .setBrokerName(group.substring(slash + 1))
                .setLimit(limit)
                .build();
    }

    /** Events of all controllers that answer, the oldest first. */
    static List<Event> ask(Controllers controllers, EventsRequest request) throws CallException {
        List<Event> told = new ArrayList<>();
        boolean answered = false;
        for (Answer answer : controllers.askEach(controllers.discover(), () -> ClientFrame.newBuilder()
                .setOperator(OperatorRequest.newBuilder().setEvents(request)))) {
            if (answer.isThere() && answer.frame().getStatus().getCode() == StatusCode.OK) {
                answered = true;
                told.addAll(answer.frame().getOperator().getEvents().getEventsList());
            }
        }
        if (!answered) {
            throw new CallException(ExitCode.UNAVAILABLE, "no controller tells its history; is one of them up?");
        }
        List<Event> merged = merge(told);
        int limit = request.getLimit();
        return limit > 0 && merged.size() > limit ? merged.subList(merged.size() - limit, merged.size()) : merged;
    }

    /** What several tell of the same event is told once, by the one that knows most of it. */
    static List<Event> merge(List<Event> told) {
        Map<String, Event> byIdentity = new HashMap<>();
        for (Event event : told) {
            byIdentity.merge(identityOf(event), event, Events::better);
        }
        return byIdentity.values().stream().sorted(ORDER).toList();
    }

    /** The same for all who tell of an event, and for no other one. */
    static String identityOf(Event event) {
        if (!event.getController().isEmpty()) {
            return event.getController() + " " + event.getOrdinal() + " " + event.getAtWallMs();
        }
        return switch (event.getKind()) {
            case LEADER_CHANGED -> "leader " + event.getTerm() + " " + event.getLeader();
            // Ids of controllers that were removed are never used again, so the same never happens twice.
            case MEMBERS_CHANGED -> "members " + event.getWhat();
            default -> event.getIndex() + " " + event.getOrdinal();
        };
    }

    /** Who decided it knows why; else who saw it first, if it knows when that was. */
    private static Event better(Event one, Event other) {
        if (one.getDecidedHere() != other.getDecidedHere()) {
            return one.getDecidedHere() ? one : other;
        } else if (one.getAtWallMs() == 0 || other.getAtWallMs() == 0) {
            return one.getAtWallMs() == 0 ? other : one;
        }
        return one.getAtWallMs() <= other.getAtWallMs() ? one : other;
    }
}
