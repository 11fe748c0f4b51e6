package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.output.Cell;
import io.mqcontroller.controller.cli.ctl.output.Cell.Tone;
import io.mqcontroller.controller.cli.ctl.output.Report;
import io.mqcontroller.controller.cli.ctl.output.Table;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The history as operators see it. */
final class EventReports {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    /** Those that say who has which role in a group. */
    private static final Set<EventKind> ROLES = EnumSet.of(
            EventKind.MASTER_CHANGED,
            EventKind.SYNC_STATE_SET_CHANGED,
            EventKind.REPLICAS_REMOVED,
            EventKind.GROUP_REMOVED,
            EventKind.REPLICA_DRAINED,
            EventKind.REPLICA_UNDRAINED);

    private EventReports() {}

    /**
     * @param inputs also what elections were decided on
     * @param zone in which times are shown to people
     */
    static Report list(List<Event> events, boolean inputs, ZoneId zone) {
        Table table = new Table("TIME", "INDEX", "EVENT", "GROUP", "CHANGE", "CAUSE", "TOOK");
        List<Object> fields = new ArrayList<>();
        for (Event event : events) {
            table.row(
                    timeOf(event, zone),
                    event.getIndex(),
                    kindOf(event),
                    event.hasGroup() ? Groups.name(event.getGroup()) : "-",
                    changeOf(event),
                    event.getUnclean() ? Cell.of(event.getCause() + ", UNCLEAN", Tone.BAD) : causeOf(event),
                    event.hasDurationMs() ? Cell.duration(event.getDurationMs()) : "-");
            if (inputs) {
                event.getInputsList().forEach(input -> table.row("", "", "", "", "  " + input, "", ""));
            }
            fields.add(fields(event));
        }
        Report report = new Report("Events").field("events", fields).table(table);
        return events.isEmpty() ? report.line("Nothing is known to have happened.") : report;
    }

    /** One event as a line. */
    static Report line(Event event, ZoneId zone) {
        String group = event.hasGroup() ? Groups.name(event.getGroup()) + ": " : "";
        String took = event.hasDurationMs() ? ", took " + event.getDurationMs() + " ms" : "";
        return new Report("Event")
                .field("event", fields(event))
                .line(timeOf(event, zone).shown() + "  " + kindOf(event) + "  " + group + changeOf(event) + " ("
                        + causeOf(event) + took + ")");
    }

    private static String causeOf(Event event) {
        return event.getAskedBy().isEmpty() ? event.getCause() : event.getCause() + " at " + event.getAskedBy();
    }

    private static Cell timeOf(Event event, ZoneId zone) {
        if (event.getAtWallMs() == 0) {
            return Cell.of("before the start");
        }
        Instant at = Instant.ofEpochMilli(event.getAtWallMs());
        return new Cell(TIME.format(at.atZone(zone)), at.toString(), Tone.NONE);
    }

    private static String kindOf(Event event) {
        return event.getKind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String changeOf(Event event) {
        return switch (event.getKind()) {
            case LEADER_CHANGED -> event.getLeader() + " leads, term " + event.getTerm();
            case MASTER_CHANGED ->
                master(event.getMasterBefore()) + " -> " + master(event.getMaster()) + ", epoch "
                        + event.getMasterEpoch() + ", set " + set(event.getSyncStateSetBeforeList()) + " -> "
                        + set(event.getSyncStateSetList());
            case SYNC_STATE_SET_CHANGED ->
                set(event.getSyncStateSetBeforeList()) + " -> " + set(event.getSyncStateSetList()) + ", epoch "
                        + event.getSyncStateSetEpoch();
            case REPLICA_DRAINED, REPLICA_UNDRAINED ->
                event.getBrokerId() == 0 ? event.getWhat() : "replica " + event.getBrokerId();
            case MEMBERS_CHANGED -> event.getWhat();
            case CONFIG_CHANGED ->
                event.getController() + ": " + event.getKey() + " " + event.getValueBefore() + " -> "
                        + event.getValue();
            case CONTROLLER_DRAINED, CONTROLLER_UNDRAINED -> event.getController();
            case OPERATOR_ASKED -> event.getController() + ": " + event.getWhat();
            default -> "master " + master(event.getMaster()) + ", set " + set(event.getSyncStateSetList());
        };
    }

    private static String master(long id) {
        return id == 0 ? "none" : Long.toString(id);
    }

    private static String set(List<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private static Object fields(Event event) {
        boolean ofLeader = event.getKind() == EventKind.LEADER_CHANGED;
        boolean ofRoles = ROLES.contains(event.getKind()) && event.hasGroup();
        return Report.object(
                "index",
                event.getIndex(),
                "event",
                event.getKind().name().toLowerCase(Locale.ROOT),
                "time",
                event.getAtWallMs() == 0
                        ? null
                        : Instant.ofEpochMilli(event.getAtWallMs()).toString(),
                "term",
                event.getTerm(),
                "leader",
                ofLeader ? event.getLeader() : null,
                "cluster",
                event.hasGroup() ? event.getGroup().getCluster() : null,
                "group",
                event.hasGroup() ? event.getGroup().getBrokerName() : null,
                "masterBefore",
                event.getMasterBefore() == 0 ? null : event.getMasterBefore(),
                "master",
                event.getMaster() == 0 ? null : event.getMaster(),
                "masterEpoch",
                ofRoles ? event.getMasterEpoch() : null,
                "syncStateSetBefore",
                event.getSyncStateSetBeforeList(),
                "syncStateSet",
                event.getSyncStateSetList(),
                "syncStateSetEpoch",
                ofRoles ? event.getSyncStateSetEpoch() : null,
                "cause",
                event.getCause(),
                "unclean",
                event.getUnclean(),
                "inputs",
                event.getInputsList(),
                "durationMs",
                event.hasDurationMs() ? event.getDurationMs() : null,
                "replica",
                event.getBrokerId() == 0 ? null : event.getBrokerId(),
                "controller",
                orNull(event.getController()),
                "askedBy",
                orNull(event.getAskedBy()),
                "what",
                orNull(event.getWhat()),
                "key",
                orNull(event.getKey()),
                "valueBefore",
                event.getKey().isEmpty() ? null : event.getValueBefore(),
                "value",
                event.getKey().isEmpty() ? null : event.getValue());
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
