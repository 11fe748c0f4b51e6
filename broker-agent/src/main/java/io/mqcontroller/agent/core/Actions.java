package io.mqcontroller.agent.core;

import java.util.ArrayList;
import java.util.List;

/** What a step leads to. What takes the permit away goes before everything else, whenever in the step it was found out. */
final class Actions {
    private final List<AgentAction> restrictions = new ArrayList<>();
    private final List<AgentAction> others = new ArrayList<>();

    void add(AgentAction action) {
        others.add(action);
    }

    void addFirst(AgentAction restriction) {
        restrictions.add(restriction);
    }

    void note(AgentAction.Note.Kind kind, String text) {
        others.add(new AgentAction.Note(kind, text));
    }

    List<AgentAction> take() {
        List<AgentAction> taken = new ArrayList<>(restrictions.size() + others.size());
        taken.addAll(restrictions);
        taken.addAll(others);
        restrictions.clear();
        others.clear();
        return taken;
    }
}
