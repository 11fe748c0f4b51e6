package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * A {@link Survey} of all groups, taken some at a time: between two parts the loop sees to whatever else has come, so that who
 * looks on holds up no heartbeat. Begun on any thread, goes on on the loop's.
 */
final class SurveyInParts {
    static final int GROUPS_AT_ONCE = 200;

    private final Predicate<ControllerEvent> loop;
    private final CompletableFuture<Survey> done = new CompletableFuture<>();
    private final Map<GroupKey, SortedMap<BrokerId, Survey.Life>> lives = new HashMap<>();
    private final List<BrokerGroup> groups = new ArrayList<>();
    private Survey survey;

    private SurveyInParts(Predicate<ControllerEvent> loop) {
        this.loop = loop;
    }

    /** @param loop takes in an event, or says that too many wait; then the survey fails */
    static CompletionStage<Survey> begin(Predicate<ControllerEvent> loop) {
        SurveyInParts parts = new SurveyInParts(loop);
        parts.ask(new ControllerEvent.SurveyWanted(parts::onSurvey));
        return parts.done;
    }

    private void onSurvey(Survey withoutLives) {
        survey = withoutLives;
        if (survey.leading()) {
            survey.metadata().groups().forEach((key, group) -> groups.add(group));
            askFrom(0);
        } else {
            done.complete(survey);
        }
    }

    private void askFrom(int first) {
        if (first >= groups.size()) {
            done.complete(survey.withLives(lives));
            return;
        }
        int end = Math.min(first + GROUPS_AT_ONCE, groups.size());
        ask(new ControllerEvent.LivesWanted(groups.subList(first, end), known -> {
            lives.putAll(known);
            askFrom(end);
        }));
    }

    private void ask(ControllerEvent event) {
        if (!loop.test(event)) {
            done.completeExceptionally(new IllegalStateException("too much waits for the controller loop"));
        }
    }
}
