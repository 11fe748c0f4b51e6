package io.mqcontroller.controller.controller.history;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.decide.EligibilityReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How elections that are not committed yet came about: since when each was needed, and what it was decided on. */
public final class ElectionStories {
    private record Story(long sinceMs, BrokerGroup group, LivenessView live) {}

    private final Map<GroupKey, Story> open = new HashMap<>();

    /** The group needs another master, whether one is found or not. */
    public void needed(BrokerGroup group, LivenessView live, long nowMs) {
        Story before = open.get(group.key());
        open.put(group.key(), new Story(before == null ? nowMs : before.sinceMs(), group, live));
    }

    /** It needs none any more. */
    public void notNeeded(GroupKey group) {
        open.remove(group);
    }

    /** The election is committed. One that found nobody does not end the need. */
    public HistoryEvent.Decided committed(GroupKey group, boolean foundSomebody, long nowMs) {
        Story story = foundSomebody ? open.remove(group) : open.get(group);
        return Optional.ofNullable(story)
                .map(told -> new HistoryEvent.Decided(
                        EligibilityReport.inputs(told.group(), told.live()), OptionalLong.of(nowMs - told.sinceMs())))
                .orElse(new HistoryEvent.Decided(List.of(), OptionalLong.empty()));
    }

    /** This member leads no more, so it knows of no need. */
    public void clear() {
        open.clear();
    }
}
